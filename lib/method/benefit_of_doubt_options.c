/* SPDX-License-Identifier: MIT */
/* Benefit of the doubt: its options, as they hold for the children of one node. Lists may name children of several
 * nodes; those of others are passed over. */
#include "method/method_impl.h"

static const char *const kinds[] = {"null", "a truth value", "a number", "a text", "a list", "an object"};

int32_t smri_bod_child(const smr_framework *framework, uint32_t node, uint32_t place)
{
    int32_t child = framework->nodes[node].first_child;
    while (place-- > 0) {
        child = framework->nodes[child].next_sibling;
    }
    return child;
}

/* One reading: where it is, and what for. */
typedef struct reader {
    const smr_framework *framework;
    uint32_t node;
    smri_arena *arena;
    smri_bod_options *options;
    smr_error *error;
} reader;

/* The node of an id; fails when there is none. */
static smr_status find_node(const reader *r, const smri_place *place, const smri_value *id, int64_t *node)
{
    *node = smr_framework_find(r->framework, id->text);
    return *node >= 0 ? SMR_OK : smri_fail(r->error, SMR_MESSAGE_BOD_ID_UNKNOWN, place, id->text);
}

/* Which child of the family a node is, -1: none. */
static int32_t place_of(const reader *r, int64_t node)
{
    int32_t place = 0;
    for (int32_t child = r->framework->nodes[r->node].first_child; child >= 0;
         child = r->framework->nodes[child].next_sibling, place++) {
        if (child == node) {
            return place;
        }
    }
    return -1;
}

static const char *describe(const smri_value *value, char number[SMRI_NUMBER_SIZE])
{
    if (value->type == SMRI_NUMBER) {
        smri_number_write(number, value->number);
        return number;
    }
    return value->type == SMRI_TEXT ? value->text : kinds[value->type];
}

/* ---- shares ---- */

static smr_status read_shares(const reader *r, const smri_choice *choice)
{
    static const smri_place place = {.subject = "weights.shares"};
    const smri_setting *low = smri_setting_of(choice, "low"), *high = smri_setting_of(choice, "high");
    smri_bod_options *options = r->options;
    options->shares = (smri_bod_shares)smri_setting_of(choice, "shares")->number;
    options->low = low->given ? low->number : 0;
    options->high = high->given ? high->number : 1;
    if (options->shares == SMRI_BOD_SHARES_NONE && (low->given || high->given)) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_OPTION_UNUSED, &place, low->given ? "low" : "high",
                         "\"shares\" is \"pie\" or \"weight\"");
    }
    const int32_t count = r->framework->nodes[r->node].child_count;
    /* A tenth of ten children is all of them, whatever 0.1 is rounded to. */
    if (options->low > options->high || options->low * count > 1 + SMRI_LP_TOLERANCE ||
        options->high * count < 1 - SMRI_LP_TOLERANCE) {
        char from[SMRI_NUMBER_SIZE], to[SMRI_NUMBER_SIZE], children[SMRI_INTEGER_SIZE];
        smri_number_write(from, options->low);
        smri_number_write(to, options->high);
        return smri_fail(r->error, SMR_MESSAGE_BOD_SHARES, &place, from, to,
                         smri_text_integer(children, (uint64_t)count), r->framework->nodes[r->node].id);
    }
    return SMR_OK;
}

/* ---- ordinal ---- */

static smr_status read_pair(const reader *r, const smri_value *pair)
{
    static const smri_place place = {.subject = "weights.ordinal"};
    char number[SMRI_NUMBER_SIZE];
    if (pair->type != SMRI_ARRAY || pair->count != 2 || pair->first->type != SMRI_TEXT ||
        pair->last->type != SMRI_TEXT) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_ORDINAL, &place, describe(pair, number));
    }
    int64_t more, less;
    smr_status status = find_node(r, &place, pair->first, &more);
    if (status == SMR_OK) {
        status = find_node(r, &place, pair->last, &less);
    }
    if (status != SMR_OK) {
        return status;
    }
    if (r->framework->nodes[more].parent != r->framework->nodes[less].parent) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_PAIR_APART, &place, pair->first->text, pair->last->text);
    }
    if (place_of(r, more) >= 0) {
        uint32_t *const entry = r->options->pairs + 2 * r->options->pair_count++;
        entry[0] = (uint32_t)place_of(r, more);
        entry[1] = (uint32_t)place_of(r, less);
    }
    return SMR_OK;
}

static smr_status read_ordinal(const reader *r, const smri_value *list)
{
    static const smri_place place = {.subject = "weights.ordinal"};
    if (list->type != SMRI_ARRAY) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_ORDINAL, &place, kinds[list->type]);
    }
    size_t count;
    if (!smri_product(list->count, 2, &count)) {
        return smri_fail_memory(r->error);
    }
    r->options->pairs = smri_arena_alloc(r->arena, SMRI_MAX(count, 1), sizeof *r->options->pairs);
    if (r->options->pairs == NULL) {
        return smri_fail_memory(r->error);
    }
    smr_status status = SMR_OK;
    for (const smri_value *pair = list->first; status == SMR_OK && pair != NULL; pair = pair->next) {
        status = read_pair(r, pair);
    }
    return status;
}

/* ---- direction ---- */

static smr_status read_direction(const reader *r, const smri_value *object)
{
    static const smri_place place = {.subject = "weights.direction"};
    char number[SMRI_NUMBER_SIZE];
    if (object->type != SMRI_OBJECT) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_DIRECTION, &place, kinds[object->type]);
    }
    const size_t count = (size_t)r->framework->nodes[r->node].child_count;
    double *const direction = smri_arena_calloc(r->arena, count, sizeof *direction);
    if (direction == NULL) {
        return smri_fail_memory(r->error);
    }
    bool any_child = false, any_length = false;
    for (const smri_value *entry = object->first; entry != NULL; entry = entry->next) {
        const int64_t node = smr_framework_find(r->framework, entry->key);
        if (node < 0) {
            return smri_fail(r->error, SMR_MESSAGE_BOD_ID_UNKNOWN, &place, entry->key);
        }
        if (entry->type != SMRI_NUMBER || !(entry->number >= 0 && entry->number <= DBL_MAX)) {
            return smri_fail(r->error, SMR_MESSAGE_BOD_DIRECTION, &place, describe(entry, number));
        }
        const int32_t child = place_of(r, node);
        if (child >= 0) {
            direction[child] = entry->number;
            any_child = true;
            any_length = any_length || entry->number > 0;
        }
    }
    if (any_child && !any_length) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_DIRECTION, &place, "zeros alone");
    }
    r->options->direction = any_child ? direction : NULL;
    return SMR_OK;
}

/* ---- undesirable ---- */

static smr_status read_undesirable(const reader *r, const smri_value *list)
{
    static const smri_place place = {.subject = "weights.undesirable"};
    char number[SMRI_NUMBER_SIZE];
    if (list->type != SMRI_ARRAY) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_UNDESIRABLE, &place, kinds[list->type]);
    }
    const int32_t count = r->framework->nodes[r->node].child_count;
    bool *const undesirable = smri_arena_calloc(r->arena, (size_t)count, sizeof *undesirable);
    if (undesirable == NULL) {
        return smri_fail_memory(r->error);
    }
    int32_t bad = 0;
    for (const smri_value *id = list->first; id != NULL; id = id->next) {
        if (id->type != SMRI_TEXT) {
            return smri_fail(r->error, SMR_MESSAGE_BOD_UNDESIRABLE, &place, describe(id, number));
        }
        int64_t node;
        const smr_status status = find_node(r, &place, id, &node);
        if (status != SMR_OK) {
            return status;
        }
        const int32_t child = place_of(r, node);
        if (child >= 0 && !undesirable[child]) {
            undesirable[child] = true;
            bad++;
        }
    }
    if (bad == 0 || bad == count) {
        return smri_fail(r->error, SMR_MESSAGE_BOD_UNDESIRABLE_CHILDREN, &place, bad == 0 ? "no child" : "every child",
                         r->framework->nodes[r->node].id);
    }
    r->options->undesirable = undesirable;
    return SMR_OK;
}

/* ---- all ---- */

/* An option that is given although the variant has no use for it. */
static smr_status check_used(const reader *r, const smri_choice *choice)
{
    static const smri_place place = {.subject = "weights.variant"};
    const smri_bod_variant variant = r->options->variant;
    const bool radial = variant == SMRI_BOD_PLAIN || variant == SMRI_BOD_COMMON ||
                        variant == SMRI_BOD_CROSS_EFFICIENCY || variant == SMRI_BOD_GEOMETRIC;
    const struct {
        const char *name, *when;
        bool unused;
    } uses[] = {
        {"shares", "\"variant\" is plain, common, cross_efficiency or geometric",
         !radial && smri_setting_of(choice, "shares")->number != SMRI_BOD_SHARES_NONE},
        {"ordinal", "\"variant\" is plain, common, cross_efficiency or geometric",
         !radial && smri_setting_of(choice, "ordinal")->given},
        {"direction", "\"variant\" is directional",
         variant != SMRI_BOD_DIRECTIONAL && smri_setting_of(choice, "direction")->given},
        {"undesirable", "\"variant\" is undesirable",
         variant != SMRI_BOD_UNDESIRABLE && smri_setting_of(choice, "undesirable")->given},
    };
    for (size_t i = 0; i < SMRI_COUNT(uses); i++) {
        if (uses[i].unused) {
            return smri_fail(r->error, SMR_MESSAGE_BOD_OPTION_UNUSED, &place, uses[i].name, uses[i].when);
        }
    }
    return SMR_OK;
}

smr_status smri_bod_read(const smri_choice *choice, const smr_framework *framework, uint32_t node, smri_arena *arena,
                         smri_bod_options *options, smr_error *error)
{
    const reader r = {framework, node, arena, options, error};
    const smri_setting *ordinal = smri_setting_of(choice, "ordinal"), *direction = smri_setting_of(choice, "direction"),
                       *undesirable = smri_setting_of(choice, "undesirable");
    *options = (smri_bod_options){.variant = (smri_bod_variant)smri_setting_of(choice, "variant")->number,
                                  .m = smri_setting_of(choice, "m")->number};
    smr_status status = check_used(&r, choice);
    if (status == SMR_OK) {
        status = read_shares(&r, choice);
    }
    if (status == SMR_OK && ordinal->given) {
        status = read_ordinal(&r, ordinal->value);
    }
    if (status == SMR_OK && direction->given) {
        status = read_direction(&r, direction->value);
    }
    if (status == SMR_OK && options->variant == SMRI_BOD_UNDESIRABLE) {
        static const smri_value nothing = {.type = SMRI_NULL};
        status = read_undesirable(&r, undesirable->given ? undesirable->value : &nothing);
    }
    return status;
}

smr_status smri_bod_check(const smri_choice *choice, const smr_framework *framework, uint32_t node, smr_error *error)
{
    smri_bod_options options;
    smri_arena arena;
    smri_arena_init(&arena, smri_context(framework->context));
    const smr_status status = smri_bod_read(choice, framework, node, &arena, &options, error);
    smri_arena_free(&arena);
    return status;
}
