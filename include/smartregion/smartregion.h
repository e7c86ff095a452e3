/* SPDX-License-Identifier: MIT */
#ifndef SMARTREGION_SMARTREGION_H
#define SMARTREGION_SMARTREGION_H

/** @file
 * Everything: three nouns go in (framework, dataset, plan), one comes out (scorecard).
 */

#include <smartregion/audit.h>
#include <smartregion/ballots.h>
#include <smartregion/bounds.h>
#include <smartregion/catalogue.h>
#include <smartregion/common.h>
#include <smartregion/dataset.h>
#include <smartregion/explain.h>
#include <smartregion/framework.h>
#include <smartregion/funnel.h>
#include <smartregion/model.h>
#include <smartregion/plan.h>
#include <smartregion/portfolio.h>
#include <smartregion/regions.h>
#include <smartregion/robust.h>
#include <smartregion/scorecard.h>
#include <smartregion/select.h>
#include <smartregion/sobol.h>
#include <smartregion/stability.h>
#include <smartregion/target.h>
#include <smartregion/trend.h>
#include <smartregion/whatif.h>

#endif
