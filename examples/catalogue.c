/* SPDX-License-Identifier: MIT */
/* catalogue.h: every step and method the library knows, with its options: enough to build a form or a binding from. */
#include <smartregion/catalogue.h>
#include <smartregion/common.h>

#include "example.h"

/* The options of a method, one a line; returns how many have a name, a type and a default. */
static size_t print_options(size_t index, const smr_method *method) {
    size_t complete = 0;
    for (size_t i = 0; i < method->parameter_count; i++) {
        smr_method_parameter option;
        smr_method_parameter_init(&option, sizeof option);
        if (smr_method_get_parameter(index, i, &option, NULL))
            return 0;
        printf("    %-10s %-8s %-12s %s\n", option.name, option.type, option.default_text, option.legal);
        complete += *option.name && *option.type && *option.default_text;
    }
    return complete;
}

int main(void) {
    const size_t count = smr_method_count();
    size_t aggregates = 0, complete = 0;
    int holds = count > 0;
    for (size_t i = 0; i < count; i++) {
        smr_method method;
        smr_error error;
        smr_method_init(&method, sizeof method);
        smr_error_init(&error, sizeof error);
        if (smr_method_get(i, &method, &error)) {
            fprintf(stderr, "%s\n", error.message);
            return 1;
        }
        /* What stands in the catalogue is what a plan may name. */
        holds = holds && *method.summary && *method.source && smr_supports(method.step, method.name);
        if (strcmp(method.step, "aggregate"))
            continue;
        aggregates++;
        printf("%s: %s\n", method.name, method.formula);
        complete += print_options(i, &method) == method.parameter_count;
    }
    for (size_t i = 0; i < smr_step_count(); i++) {
        smr_step step;
        smr_step_init(&step, sizeof step);
        holds = holds && smr_step_get(i, &step, NULL) == SMR_OK;
        printf("%-10s %s\n", step.name, step.summary);
    }
    printf("%zu methods, %zu of them aggregate\n", count, aggregates);
    return holds && aggregates > 1 && complete == aggregates ? 0 : 1;
}
