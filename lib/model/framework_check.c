/* SPDX-License-Identifier: MIT */
/* What a node of a framework may be: its id, its weight, and the numbers of an indicator, which must agree. */
#include "model/model_impl.h"

static const char ellipsis[] = "...";
#define ELLIPSIS_LENGTH (sizeof ellipsis - 1)

void smri_path_join(char out[SMR_ERROR_SUBJECT_SIZE], const char *path, const char *member) {
    const char *parts[3] = {path, "", member ? member : ""};
    if (path[0] != '\0' && parts[2][0] != '\0' && parts[2][0] != '[') {
        parts[1] = ".";
    }
    /* Written backwards, for the end of a path says most. */
    size_t used = SMR_ERROR_SUBJECT_SIZE - 1;
    bool whole = true;
    out[used] = '\0';
    for (size_t i = SMRI_COUNT(parts); i-- > 0 && whole;) {
        size_t length = strlen(parts[i]);
        size_t room = used - ELLIPSIS_LENGTH;
        whole = length <= room;
        size_t keep = SMRI_MIN(length, room);
        used -= keep;
        memcpy(out + used, parts[i] + (length - keep), keep);
    }
    if (!whole) {
        while (((unsigned char)out[used] & 0xc0) == 0x80) { /* not the inside of a character */
            used++;
        }
        used -= ELLIPSIS_LENGTH;
        memcpy(out + used, ellipsis, ELLIPSIS_LENGTH);
    }
    memmove(out, out + used, SMR_ERROR_SUBJECT_SIZE - used);
}

smr_status smri_node_fail_texts(const smri_node_site *site, const char *member, smr_error *error, int32_t code,
                                const char *const *texts, size_t count) {
    char subject[SMR_ERROR_SUBJECT_SIZE];
    smri_place place = {.source = site->source, .subject = site->id};
    if (site->path != NULL && (site->path[0] != '\0' || member != NULL)) {
        smri_path_join(subject, site->path, member);
        place.subject = subject;
    }
    return smri_fail_texts(error, code, &place, texts, count);
}

void smri_text_suggest(char out[SMRI_NEAREST_SIZE], const char *text, const char *const *candidates, size_t count) {
    static const char opening[] = ", nearest is \"";
    const size_t opened = sizeof opening - 1;
    const char *nearest = smri_text_nearest(text, candidates, count);
    out[0] = '\0';
    if (nearest == NULL) {
        return;
    }
    memcpy(out, opening, opened);
    smri_text_cut(out + opened, SMRI_NEAREST_SIZE - opened - 1, nearest);
    size_t used = strlen(out);
    out[used] = '"';
    out[used + 1] = '\0';
}

smr_status smri_node_check_text(const smri_node_site *site, const char *member, const char *text, smr_error *error) {
    size_t length = text ? strlen(text) : 0;
    size_t valid = text ? smri_utf8_check(text, length) : 0;
    if (valid == length) {
        return SMR_OK;
    }
    char digits[SMRI_INTEGER_SIZE];
    return smri_node_fail(site, member, error, SMR_MESSAGE_FRAMEWORK_TEXT_UTF8, member,
                          smri_text_integer(digits, valid + 1));
}

static bool is_plain_id_byte(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
           || c == '-';
}

/* Control characters are below U+0020 and from U+007F to U+009F, which starts with the byte 0xC2. */
static bool is_control(const unsigned char *c) {
    return c[0] < 0x20 || c[0] == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0);
}

smr_status smri_node_check_id(const smri_node_site *site, bool any_id, smr_error *error) {
    smr_status status = smri_node_check_text(site, "id", site->id, error);
    if (status != SMR_OK) {
        return status;
    }
    const unsigned char *c = (const unsigned char *)site->id;
    bool allowed = *c != '\0';
    for (; *c != '\0' && allowed; c++) {
        allowed = any_id ? !is_control(c) : is_plain_id_byte(*c);
    }
    if (!allowed) {
        return smri_node_fail(site, "id", error, SMR_MESSAGE_FRAMEWORK_ID_INVALID, site->id,
                              any_id ? "one character at least and no control characters"
                                     : "one or more letters a to z, digits, \"_\", \".\" or \"-\"");
    }
    return SMR_OK;
}

static const char *number_text(char out[SMRI_NUMBER_SIZE], double value) {
    if (value != value) {
        return "NaN";
    }
    smri_number_write(out, value);
    return out;
}

smr_status smri_node_check_weight(const smri_node_site *site, double weight, smr_error *error) {
    if (weight >= 0 && weight <= DBL_MAX) {
        return SMR_OK;
    }
    char digits[SMRI_NUMBER_SIZE];
    return smri_node_fail(site, "weight", error, SMR_MESSAGE_FRAMEWORK_WEIGHT, number_text(digits, weight));
}

static bool is_method_name(const char *text) {
    const char *c = text;
    while ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_') {
        c++;
    }
    return c > text && *c == '\0';
}

smr_status smri_node_check_method(const smri_node_site *site, const char *name, smr_error *error) {
    return is_method_name(name) ? SMR_OK
                                : smri_node_fail(site, "aggregate", error, SMR_MESSAGE_FRAMEWORK_AGGREGATE_NAME, name);
}

static bool is_given(double x) {
    return x == x;
}

/* What the transform needs and x is not; NULL when x is fine. */
static const char *domain_passed(int32_t transform, double x) {
    switch (transform) {
    case SMR_TRANSFORM_LOG:
        return x > 0 ? NULL : "a number above 0";
    case SMR_TRANSFORM_SQRT:
        return x >= 0 ? NULL : "a number of 0 or more";
    case SMR_TRANSFORM_LOGIT:
        return x > 0 && x < 1 ? NULL : "a number between 0 and 1, neither of the two";
    default:
        return NULL;
    }
}

static smr_status check_number(const smri_node_site *site, const char *member, double x, int32_t transform,
                               smr_error *error) {
    if (!is_given(x)) {
        return SMR_OK;
    }
    char digits[SMRI_NUMBER_SIZE];
    if (fabs(x) > DBL_MAX) {
        return smri_node_fail(site, member, error, SMR_MESSAGE_FRAMEWORK_NUMBER_INFINITE, member,
                              number_text(digits, x));
    }
    const char *needed = domain_passed(transform, x);
    if (needed != NULL) {
        return smri_node_fail(site, member, error, SMR_MESSAGE_FRAMEWORK_DOMAIN, member, number_text(digits, x),
                              smri_transform_name(transform), needed);
    }
    return SMR_OK;
}

static void resolve_direction(smri_indicator *indicator) {
    indicator->direction_given = indicator->direction != SMR_DIRECTION_UNSET;
    if (indicator->direction_given) {
        return;
    }
    if (is_given(indicator->optimum)) {
        indicator->direction = SMR_DIRECTION_TARGET;
    } else {
        /* Without goalposts the comparison is false. */
        indicator->direction = indicator->worst > indicator->best ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER;
    }
}

static smr_status check_goalposts(const smri_node_site *site, const smri_indicator *indicator, smr_error *error) {
    double worst = indicator->worst, best = indicator->best;
    if (is_given(worst) != is_given(best)) {
        const char *given = is_given(worst) ? "worst" : "best";
        return smri_node_fail(site, given, error, SMR_MESSAGE_FRAMEWORK_GOALPOST_ALONE, given,
                              is_given(worst) ? "best" : "worst");
    }
    char worst_digits[SMRI_NUMBER_SIZE], best_digits[SMRI_NUMBER_SIZE];
    if (worst == best) {
        return smri_node_fail(site, "worst", error, SMR_MESSAGE_FRAMEWORK_GOALPOSTS_EQUAL,
                              number_text(worst_digits, worst));
    }
    int32_t direction = indicator->direction;
    if ((direction == SMR_DIRECTION_HIGHER && worst > best) || (direction == SMR_DIRECTION_LOWER && worst < best)) {
        return smri_node_fail(site, "direction", error, SMR_MESSAGE_FRAMEWORK_DIRECTION, smri_direction_name(direction),
                              number_text(worst_digits, worst), number_text(best_digits, best));
    }
    return SMR_OK;
}

static smr_status check_optimum(const smri_node_site *site, const smri_indicator *indicator, smr_error *error) {
    double worst = indicator->worst, best = indicator->best, optimum = indicator->optimum;
    if (indicator->direction != SMR_DIRECTION_TARGET) {
        return !is_given(optimum) ? SMR_OK
                                  : smri_node_fail(site, "optimum", error, SMR_MESSAGE_FRAMEWORK_OPTIMUM_UNUSED,
                                                   smri_direction_name(indicator->direction));
    }
    if (!is_given(optimum)) {
        return smri_node_fail_texts(site, "optimum", error, SMR_MESSAGE_FRAMEWORK_OPTIMUM_MISSING, NULL, 0);
    }
    if (is_given(worst) && !(optimum > SMRI_MIN(worst, best) && optimum < SMRI_MAX(worst, best))) {
        char digits[SMRI_NUMBER_SIZE], worst_digits[SMRI_NUMBER_SIZE], best_digits[SMRI_NUMBER_SIZE];
        return smri_node_fail(site, "optimum", error, SMR_MESSAGE_FRAMEWORK_OPTIMUM_OUTSIDE,
                              number_text(digits, optimum), number_text(worst_digits, worst),
                              number_text(best_digits, best));
    }
    return SMR_OK;
}

smr_status smri_node_check_indicator(const smri_node_site *site, smri_indicator *indicator, smr_error *error) {
    const struct {
        const char *member;
        double value;
    } numbers[] = {
        {"worst", indicator->worst},
        {"best", indicator->best},
        {"optimum", indicator->optimum},
        {"target", indicator->target},
    };
    for (size_t i = 0; i < SMRI_COUNT(numbers); i++) {
        smr_status status = check_number(site, numbers[i].member, numbers[i].value, indicator->transform, error);
        if (status != SMR_OK) {
            return status;
        }
    }
    resolve_direction(indicator);
    smr_status status = check_goalposts(site, indicator, error);
    return status == SMR_OK ? check_optimum(site, indicator, error) : status;
}
