// SPDX-License-Identifier: MIT

package main

// A file with an exported function may only declare in C, so what C calls stands apart from smartregion.go.

/*
#include <stddef.h>
#include <stdint.h>
*/
import "C"

import (
	"io"
	"runtime/cgo"
	"unsafe"
)

// source is what an smr_read_callback reads from; an error of Go is kept here, for C only hears that there was one.
type source struct {
	reader io.Reader
	err    error
}

// sink is what an smr_write_callback writes to.
type sink struct {
	writer io.Writer
	err    error
}

//export goRead
func goRead(buffer unsafe.Pointer, size C.size_t, user unsafe.Pointer) C.int64_t {
	from := (*(*cgo.Handle)(user)).Value().(*source)
	n, err := io.ReadAtLeast(from.reader, unsafe.Slice((*byte)(buffer), int(size)), 1)
	if err != nil && err != io.EOF {
		from.err = err
		return -1
	}
	return C.int64_t(n)
}

//export goWrite
func goWrite(bytes unsafe.Pointer, length C.size_t, user unsafe.Pointer) C.int32_t {
	to := (*(*cgo.Handle)(user)).Value().(*sink)
	if length == 0 {
		return 0
	}
	if _, to.err = to.writer.Write(unsafe.Slice((*byte)(bytes), int(length))); to.err != nil {
		return 1
	}
	return 0
}
