/* SPDX-License-Identifier: MIT */
/* The result of what if: its life, and its columns. */

#include "study/whatif_impl.h"

smr_whatif *smr_whatif_ref(smr_whatif *whatif)
{
    if (whatif)
        atomic_fetch_add_explicit(&whatif->references, 1, memory_order_relaxed);
    return whatif;
}

void smr_whatif_unref(smr_whatif *whatif)
{
    if (!whatif || atomic_fetch_sub_explicit(&whatif->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = whatif->context;
    smr_model_unref(whatif->model);
    smr_funnel_unref(whatif->funnel);
    smr_dataset_unref(whatif->dataset);
    smri_arena_free(&whatif->arena);
    smri_free(smri_context(context), whatif);
    smr_context_unref(context);
}

size_t smr_whatif_change_count(const smr_whatif *whatif)
{
    return whatif ? whatif->change_count : 0;
}

const char *const *smr_whatif_change_regions(const smr_whatif *whatif)
{
    return whatif ? whatif->change_regions : NULL;
}

const char *const *smr_whatif_change_columns(const smr_whatif *whatif)
{
    return whatif ? whatif->change_columns : NULL;
}

const double *smr_whatif_change_from(const smr_whatif *whatif)
{
    return whatif ? whatif->change_from : NULL;
}

const double *smr_whatif_change_to(const smr_whatif *whatif)
{
    return whatif ? whatif->change_to : NULL;
}

size_t smr_whatif_row_count(const smr_whatif *whatif)
{
    return whatif ? whatif->row_count : 0;
}

const char *const *smr_whatif_regions(const smr_whatif *whatif)
{
    return whatif ? whatif->regions : NULL;
}

const char *const *smr_whatif_nodes(const smr_whatif *whatif)
{
    return whatif ? whatif->nodes : NULL;
}

const double *smr_whatif_scores_before(const smr_whatif *whatif)
{
    return whatif ? whatif->scores_before : NULL;
}

const double *smr_whatif_scores_after(const smr_whatif *whatif)
{
    return whatif ? whatif->scores_after : NULL;
}

const double *smr_whatif_ranks_before(const smr_whatif *whatif)
{
    return whatif ? whatif->ranks_before : NULL;
}

const double *smr_whatif_ranks_after(const smr_whatif *whatif)
{
    return whatif ? whatif->ranks_after : NULL;
}

const char *const *smr_whatif_stages_before(const smr_whatif *whatif)
{
    return whatif ? whatif->stages_before : NULL;
}

const char *const *smr_whatif_stages_after(const smr_whatif *whatif)
{
    return whatif ? whatif->stages_after : NULL;
}
