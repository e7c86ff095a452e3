/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char *const kernels[] = {"baseline", "x86-64-v3", "x86-64-v4", "neon", NULL};

static const char *kernel_name(size_t index) {
    size_t found = 0;
    for (size_t i = 0; kernels[i]; ++i)
        if (smr_supports("kernel", kernels[i]) && found++ == index)
            return kernels[i];
    return NULL;
}

/* Names of steps, each once, in the order of the catalogue. */
static const char *step_name(size_t index) {
    const char *step = "";
    for (size_t i = 0; i < smr_method_count(); ++i) {
        smr_method method;
        smr_method_init(&method, sizeof method);
        if (smr_method_get(i, &method, NULL) || !strcmp(step, method.step))
            continue;
        step = method.step;
        if (index-- == 0)
            return step;
    }
    return NULL;
}

static const struct {
    const char *heading, *key;
    const char *(*name)(size_t index);
} lists[] = {
    {"frameworks", "frameworks", smr_framework_builtin_name},
    {"presets", "presets", smr_plan_preset_name},
    {"steps", "steps", step_name},
    {"kernels", "kernels", kernel_name},
};

static void print_people(const cli_tool *tool, cli_output *out) {
    char line[128];
    snprintf(line, sizeof line, "smartregion %s\n\nheaders     %s\nlibrary     %s\nkernel      %s\nmethods     %zu\n",
             SMR_VERSION_TEXT, SMR_VERSION_TEXT, smr_version(), smr_context_kernel(tool->context), smr_method_count());
    out_text(out, line);
    for (size_t i = 0; i < COUNT(lists); ++i) {
        snprintf(line, sizeof line, "%-12s", lists[i].heading);
        out_text(out, line);
        const char *name;
        for (size_t k = 0; (name = lists[i].name(k)) != NULL; ++k) {
            out_text(out, k ? " " : "");
            out_text(out, name);
        }
        out_text(out, "\n");
    }
}

static void print_json(const cli_tool *tool, cli_output *out) {
    out_text(out, "{\"format\": \"smartregion-version/1\", \"tool\": ");
    out_json(out, SMR_VERSION_TEXT);
    out_text(out, ", \"headers\": ");
    out_json(out, SMR_VERSION_TEXT);
    out_text(out, ", \"library\": ");
    out_json(out, smr_version());
    out_text(out, ", \"kernel\": ");
    out_json(out, smr_context_kernel(tool->context));
    out_text(out, ", \"methods\": ");
    out_integer(out, smr_method_count());
    for (size_t i = 0; i < COUNT(lists); ++i) {
        out_text(out, ", \"");
        out_text(out, lists[i].key);
        out_text(out, "\": [");
        const char *name;
        for (size_t k = 0; (name = lists[i].name(k)) != NULL; ++k) {
            out_text(out, k ? ", " : "");
            out_json(out, name);
        }
        out_text(out, "]");
    }
    out_text(out, "}\n");
}

int verb_version(cli_tool *tool) {
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    if (tool->options->format == FORMAT_JSON)
        print_json(tool, out);
    else
        print_people(tool, out);
    return tool_finish(tool, out, SMR_OK, NULL);
}
