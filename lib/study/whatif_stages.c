/* SPDX-License-Identifier: MIT */
/* What if: how far regions get through a funnel. */

#include "study/whatif_impl.h"

#include <smartregion/select.h>

smr_status smri_whatif_stages(smr_context *context, const smr_funnel *funnel, const smr_scorecard *card,
                              const smr_dataset *dataset, const char *period, uint32_t *passed, smr_error *error)
{
    smr_selection *selection = NULL;
    smr_select_options options;
    smr_select_options_init(&options, sizeof options);
    options.period = period;
    const smr_status status = smr_select_run(context, funnel, card, dataset, NULL, 0, &options, &selection, error);
    if (status != SMR_OK)
        return status;
    for (size_t row = 0; row < card->row_count; row++)
        passed[row] = 0;
    const size_t *rows = smr_selection_card_rows(selection);
    const uint32_t *stages = smr_selection_stages(selection);
    const uint8_t *passes = smr_selection_passed(selection);
    for (size_t i = 0; i < smr_selection_row_count(selection); i++)
        if (passes[i])
            passed[rows[i]] = SMRI_MAX(passed[rows[i]], stages[i] + 1);
    smr_selection_unref(selection);
    return SMR_OK;
}
