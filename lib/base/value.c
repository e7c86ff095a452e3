/* SPDX-License-Identifier: MIT */
/* Plain data as a tree in an arena. Whoever reads it from outside limits its depth; these functions recurse. */
#include "base/base_impl.h"

smri_value *smri_value_new(smri_arena *arena, smri_type type) {
    smri_value *value = smri_arena_calloc(arena, 1, sizeof *value);
    if (value != NULL) {
        value->type = type;
    }
    return value;
}

smri_value *smri_value_number(smri_arena *arena, double number) {
    smri_value *value = smri_value_new(arena, SMRI_NUMBER);
    if (value != NULL) {
        value->number = number;
    }
    return value;
}

smri_value *smri_value_bool(smri_arena *arena, bool truth) {
    smri_value *value = smri_value_new(arena, SMRI_BOOL);
    if (value != NULL) {
        value->number = truth ? 1 : 0;
    }
    return value;
}

smri_value *smri_value_text(smri_arena *arena, const char *text, size_t length) {
    const char *copy = smri_arena_text(arena, text, length);
    smri_value *value = copy ? smri_value_new(arena, SMRI_TEXT) : NULL;
    if (value != NULL) {
        value->text = copy;
    }
    return value;
}

smri_value *smri_value_append(smri_arena *arena, smri_value *parent, const char *key, smri_value *member) {
    if (member == NULL) {
        return NULL;
    }
    const char *own_key = NULL;
    if (key != NULL) {
        own_key = smri_arena_text(arena, key, strlen(key));
        if (own_key == NULL) {
            return NULL;
        }
    }
    member->key = own_key;
    member->next = NULL;
    if (parent->last != NULL) {
        parent->last->next = member;
    } else {
        parent->first = member;
    }
    parent->last = member;
    parent->count++;
    return member;
}

smri_value *smri_value_put(smri_arena *arena, smri_value *object, const char *key, smri_value *member) {
    if (member == NULL) {
        return NULL;
    }
    smri_value *before = NULL;
    for (smri_value *old = object->first; old != NULL; before = old, old = old->next) {
        if (strcmp(old->key, key) == 0) {
            member->key = old->key;
            member->next = old->next;
            if (before != NULL) {
                before->next = member;
            } else {
                object->first = member;
            }
            if (object->last == old) {
                object->last = member;
            }
            return member;
        }
    }
    return smri_value_append(arena, object, key, member);
}

/* As smri_value_get, but looks from *from on first, and leaves there the member after the one found: objects with the
 * same keys in the same order are matched in one pass. */
static const smri_value *get_from(const smri_value *object, const smri_value **from, const char *key) {
    for (const smri_value *member = *from; member != NULL; member = member->next) {
        if (strcmp(member->key, key) == 0) {
            *from = member->next;
            return member;
        }
    }
    for (const smri_value *member = object->first; member != *from; member = member->next) {
        if (strcmp(member->key, key) == 0) {
            *from = member->next;
            return member;
        }
    }
    return NULL;
}

const smri_value *smri_value_get(const smri_value *object, const char *key) {
    if (object == NULL || object->type != SMRI_OBJECT) {
        return NULL;
    }
    const smri_value *from = object->first;
    return get_from(object, &from, key);
}

smri_value *smri_value_copy(smri_arena *arena, const smri_value *value) {
    if (value->type == SMRI_TEXT) {
        return smri_value_text(arena, value->text, strlen(value->text));
    }
    smri_value *copy = smri_value_new(arena, value->type);
    if (copy == NULL) {
        return NULL;
    }
    copy->number = value->number;
    for (const smri_value *member = value->first; member != NULL; member = member->next) {
        if (smri_value_append(arena, copy, member->key, smri_value_copy(arena, member)) == NULL) {
            return NULL;
        }
    }
    return copy;
}

smri_value *smri_value_merge(smri_arena *arena, const smri_value *lower, const smri_value *upper) {
    if (lower->type != SMRI_OBJECT || upper->type != SMRI_OBJECT) {
        return smri_value_copy(arena, upper);
    }
    smri_value *merged = smri_value_new(arena, SMRI_OBJECT);
    if (merged == NULL) {
        return NULL;
    }
    const smri_value *from = upper->first;
    for (const smri_value *member = lower->first; member != NULL; member = member->next) {
        const smri_value *over = get_from(upper, &from, member->key);
        smri_value *result = over ? smri_value_merge(arena, member, over) : smri_value_copy(arena, member);
        if (smri_value_append(arena, merged, member->key, result) == NULL) {
            return NULL;
        }
    }
    from = lower->first;
    for (const smri_value *member = upper->first; member != NULL; member = member->next) {
        if (get_from(lower, &from, member->key) == NULL
            && smri_value_append(arena, merged, member->key, smri_value_copy(arena, member)) == NULL) {
            return NULL;
        }
    }
    return merged;
}

static bool objects_equal(const smri_value *a, const smri_value *b) {
    const smri_value *from = b->first;
    for (const smri_value *member = a->first; member != NULL; member = member->next) {
        const smri_value *other = get_from(b, &from, member->key);
        if (other == NULL || !smri_value_equal(member, other)) {
            return false;
        }
    }
    return true;
}

static bool arrays_equal(const smri_value *a, const smri_value *b) {
    const smri_value *other = b->first;
    for (const smri_value *member = a->first; member != NULL; member = member->next, other = other->next) {
        if (!smri_value_equal(member, other)) {
            return false;
        }
    }
    return true;
}

bool smri_value_equal(const smri_value *a, const smri_value *b) {
    if (a == NULL || b == NULL) {
        return a == b;
    }
    if (a->type != b->type || a->count != b->count) {
        return false;
    }
    switch (a->type) {
    case SMRI_NULL:
        return true;
    case SMRI_BOOL:
    case SMRI_NUMBER:
        return a->number == b->number;
    case SMRI_TEXT:
        return strcmp(a->text, b->text) == 0;
    case SMRI_ARRAY:
        return arrays_equal(a, b);
    case SMRI_OBJECT:
        return objects_equal(a, b);
    }
    return false;
}
