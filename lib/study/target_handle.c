/* SPDX-License-Identifier: MIT */
/* The result of target: its life, its summary and its columns. */

#include "study/target_impl.h"

const char *smr_target_status_name(int32_t status)
{
    static const char *const names[] = {"optimal", "bounded", "feasible", "unreachable", "not_found"};
    return status >= 0 && (size_t)status < SMRI_COUNT(names) ? names[status] : "unknown";
}

smr_target *smr_target_ref(smr_target *target)
{
    if (target)
        atomic_fetch_add_explicit(&target->references, 1, memory_order_relaxed);
    return target;
}

void smr_target_unref(smr_target *target)
{
    if (!target || atomic_fetch_sub_explicit(&target->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = target->context;
    smr_model_unref(target->model);
    smri_arena_free(&target->arena);
    smri_free(smri_context(context), target);
    smr_context_unref(context);
}

void smr_target_summary_init(smr_target_summary *summary, size_t size)
{
    static const smr_target_summary empty = {.size = sizeof(smr_target_summary),
                                             .goal_score = NAN,
                                             .effort = NAN,
                                             .lower_bound = NAN,
                                             .score_before = NAN,
                                             .score_after = NAN,
                                             .rank_before = NAN,
                                             .rank_after = NAN,
                                             .best_score = NAN,
                                             .best_rank = NAN};
    smri_options_init(summary, size, &empty, sizeof empty);
}

smr_status smr_target_summarise(const smr_target *target, smr_target_summary *summary, smr_error *error)
{
    if (!target || !summary)
        return smri_fail_argument(error, target ? "summary" : "target", "not NULL");
    if (summary->size < sizeof summary->size)
        return smri_fail_argument(error, "summary", "initialised by smr_target_summary_init()");
    const uint32_t size = summary->size;
    smri_options_init(summary, size, &target->summary, sizeof target->summary);
    return SMR_OK;
}

const char *smr_target_region(const smr_target *target)
{
    return target ? target->region : NULL;
}

size_t smr_target_change_count(const smr_target *target)
{
    return target ? target->count : 0;
}

const char *const *smr_target_indicators(const smr_target *target)
{
    return target ? target->indicators : NULL;
}

const double *smr_target_from(const smr_target *target)
{
    return target ? target->from : NULL;
}

const double *smr_target_to(const smr_target *target)
{
    return target ? target->to : NULL;
}

const double *smr_target_effort(const smr_target *target)
{
    return target ? target->effort : NULL;
}
