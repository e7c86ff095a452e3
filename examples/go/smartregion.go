// SPDX-License-Identifier: MIT

package main

// The part of libsmartregion that the example needs, as a binding would have it:
//   - a handle is given back by Close; a finalizer catches what was forgotten, and therefore
//   - runtime.KeepAlive stands after every call into C with a handle;
//   - errors come from the caller's own smr_error: goroutines change threads, and a thread's "last error" would be that
//     of another goroutine;
//   - a whole column in one call: crossing the border costs more than reading a cell;
//   - Go values reach C as a cgo.Handle, never as a pointer.

/*
#cgo pkg-config: smartregion-1
#include <stdlib.h>
#include <smartregion/smartregion.h>

extern int64_t goRead(void *buffer, size_t size, void *user);
extern int32_t goWrite(void *bytes, size_t length, void *user);

// Go has no const: C hands the bytes on.
static int32_t write_bytes(const void *bytes, size_t length, void *user) {
    return goWrite((void *)bytes, length, user);
}
static smr_status read_csv(const smr_csv_options *options, void *user, smr_dataset **dataset, smr_error *error) {
    return smr_dataset_read_csv(NULL, goRead, user, options, dataset, error);
}
static smr_status write_csv(const smr_scorecard *scorecard, void *user, smr_error *error) {
    return smr_scorecard_write_csv(scorecard, NULL, write_bytes, user, error);
}
*/
import "C"

import (
	"fmt"
	"io"
	"runtime"
	"runtime/cgo"
	"unsafe"
)

// Error is what an smr_error says: status and code for programs, the text for people.
type Error struct {
	Status, Code    int32
	Row             uint64
	Source, Message string
}

func (e *Error) Error() string {
	switch {
	case e.Row > 0:
		return fmt.Sprintf("%s:%d: %s", e.Source, e.Row, e.Message)
	case e.Source != "":
		return e.Source + ": " + e.Message
	}
	return e.Message
}

// StatusName is the symbolic name of the status, such as "data".
func (e *Error) StatusName() string {
	return C.GoString(C.smr_status_name(C.smr_status(e.Status)))
}

// call calls a function that can fail, with an error record of its own.
func call(function func(*C.smr_error) C.smr_status) error {
	var record C.smr_error
	C.smr_error_init(&record, C.size_t(unsafe.Sizeof(record)))
	if function(&record) == C.SMR_OK {
		return nil
	}
	return &Error{
		Status:  int32(record.status),
		Code:    int32(record.code),
		Row:     uint64(record.row),
		Source:  C.GoString(&record.source[0]),
		Message: C.GoString(&record.message[0]),
	}
}

// Version is the version of the loaded library.
func Version() string {
	return C.GoString(C.smr_version())
}

// Framework is what is measured.
type Framework struct{ pointer *C.smr_framework }

// ReadFramework reads a framework from JSON; name is for messages.
func ReadFramework(text []byte, name string) (*Framework, error) {
	var bytes *C.char
	if len(text) > 0 {
		bytes = (*C.char)(unsafe.Pointer(&text[0]))
	}
	source := C.CString(name)
	defer C.free(unsafe.Pointer(source))
	var pointer *C.smr_framework
	err := call(func(record *C.smr_error) C.smr_status {
		return C.smr_framework_read(nil, bytes, C.size_t(len(text)), source, &pointer, record)
	})
	if err != nil {
		return nil, err
	}
	framework := &Framework{pointer}
	runtime.SetFinalizer(framework, (*Framework).Close)
	return framework, nil
}

// Close gives the framework back; a second Close does nothing.
func (f *Framework) Close() {
	C.smr_framework_unref(f.pointer)
	f.pointer = nil
	runtime.SetFinalizer(f, nil)
}

// NodeCount is the number of nodes, indicators included.
func (f *Framework) NodeCount() int {
	count := int(C.smr_framework_node_count(f.pointer))
	runtime.KeepAlive(f)
	return count
}

// Find is the node of an id, -1 when there is none.
func (f *Framework) Find(id string) int {
	text := C.CString(id)
	defer C.free(unsafe.Pointer(text))
	node := int(C.smr_framework_find(f.pointer, text))
	runtime.KeepAlive(f)
	return node
}

// Dataset is values of indicators for regions.
type Dataset struct{ pointer *C.smr_dataset }

// ReadDataset reads CSV; name is for messages.
func ReadDataset(reader io.Reader, name string, framework *Framework) (*Dataset, error) {
	var options C.smr_csv_options
	C.smr_csv_options_init(&options, C.size_t(unsafe.Sizeof(options)))
	options.framework = framework.pointer
	options.source_name = C.CString(name)
	defer C.free(unsafe.Pointer(options.source_name))
	from := &source{reader: reader}
	handle := cgo.NewHandle(from)
	defer handle.Delete()
	var pointer *C.smr_dataset
	err := call(func(record *C.smr_error) C.smr_status {
		return C.read_csv(&options, unsafe.Pointer(&handle), &pointer, record)
	})
	runtime.KeepAlive(framework)
	if from.err != nil {
		return nil, from.err
	}
	if err != nil {
		return nil, err
	}
	dataset := &Dataset{pointer}
	runtime.SetFinalizer(dataset, (*Dataset).Close)
	return dataset, nil
}

// Close gives the dataset back; a second Close does nothing.
func (d *Dataset) Close() {
	C.smr_dataset_unref(d.pointer)
	d.pointer = nil
	runtime.SetFinalizer(d, nil)
}

// Model is a framework, a plan and every parameter that the data decided.
type Model struct{ pointer *C.smr_model }

// Fit decides the parameters, by the framework's own plan.
func Fit(framework *Framework, dataset *Dataset) (*Model, error) {
	var pointer *C.smr_model
	err := call(func(record *C.smr_error) C.smr_status {
		return C.smr_model_fit(nil, framework.pointer, dataset.pointer, nil, &pointer, record)
	})
	runtime.KeepAlive(framework)
	runtime.KeepAlive(dataset)
	if err != nil {
		return nil, err
	}
	model := &Model{pointer}
	runtime.SetFinalizer(model, (*Model).Close)
	return model, nil
}

// Close gives the model back; a second Close does nothing.
func (m *Model) Close() {
	C.smr_model_unref(m.pointer)
	m.pointer = nil
	runtime.SetFinalizer(m, nil)
}

// Score scores a dataset.
func (m *Model) Score(dataset *Dataset) (*Scorecard, error) {
	var pointer *C.smr_scorecard
	err := call(func(record *C.smr_error) C.smr_status {
		return C.smr_model_score(nil, m.pointer, dataset.pointer, nil, &pointer, record)
	})
	runtime.KeepAlive(m)
	runtime.KeepAlive(dataset)
	if err != nil {
		return nil, err
	}
	card := &Scorecard{pointer}
	runtime.SetFinalizer(card, (*Scorecard).Close)
	return card, nil
}

// Scorecard is scores and ranks.
type Scorecard struct{ pointer *C.smr_scorecard }

// Close gives the scorecard back; a second Close does nothing.
func (s *Scorecard) Close() {
	C.smr_scorecard_unref(s.pointer)
	s.pointer = nil
	runtime.SetFinalizer(s, nil)
}

// Regions are the ids of the rows.
func (s *Scorecard) Regions() []string {
	regions := make([]string, int(C.smr_scorecard_row_count(s.pointer)))
	for row := range regions {
		regions[row] = C.GoString(C.smr_scorecard_region(s.pointer, C.size_t(row)))
	}
	runtime.KeepAlive(s)
	return regions
}

// Scores is the whole column of scores of a node, NaN where there is none.
func (s *Scorecard) Scores(node int) ([]float64, error) {
	values := make([]float64, int(C.smr_scorecard_row_count(s.pointer)))
	err := call(func(record *C.smr_error) C.smr_status {
		return C.smr_scorecard_scores(s.pointer, C.size_t(node), (*C.double)(&values[0]), C.size_t(len(values)), record)
	})
	runtime.KeepAlive(s)
	return values, err
}

// Ranks is the whole column of ranks of a node, NaN where there is none.
func (s *Scorecard) Ranks(node int) ([]float64, error) {
	values := make([]float64, int(C.smr_scorecard_row_count(s.pointer)))
	err := call(func(record *C.smr_error) C.smr_status {
		return C.smr_scorecard_ranks(s.pointer, C.size_t(node), (*C.double)(&values[0]), C.size_t(len(values)), record)
	})
	runtime.KeepAlive(s)
	return values, err
}

// WriteCSV writes region, period, node, score, rank, coverage and status of every row at every node.
func (s *Scorecard) WriteCSV(writer io.Writer) error {
	to := &sink{writer: writer}
	handle := cgo.NewHandle(to)
	defer handle.Delete()
	err := call(func(record *C.smr_error) C.smr_status {
		return C.write_csv(s.pointer, unsafe.Pointer(&handle), record)
	})
	runtime.KeepAlive(s)
	if to.err != nil {
		return to.err
	}
	return err
}
