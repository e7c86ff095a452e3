// SPDX-License-Identifier: MIT

// Scores the shipped countries from Go.
//
//	score_region DATA.csv FRAMEWORK.json [EXPECTED.csv]
//
// EXPECTED.csv is what `smartregion score -o EXPECTED.csv` wrote: every score is compared bit by bit.
package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sort"
	"strconv"
)

// notComputed is the one NaN that leaves the library; math.NaN() has other bits.
const notComputed = 0x7ff8000000000000

func main() {
	if len(os.Args) != 3 && len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: score_region DATA.csv FRAMEWORK.json [EXPECTED.csv]")
		os.Exit(2)
	}
	expected := ""
	if len(os.Args) == 4 {
		expected = os.Args[3]
	}
	if err := run(os.Args[1], os.Args[2], expected); err != nil {
		fmt.Fprintln(os.Stderr, "score_region:", err)
		os.Exit(1)
	}
}

func run(dataPath, frameworkPath, expectedPath string) error {
	fmt.Println("library", Version())
	json, err := os.ReadFile(frameworkPath)
	if err != nil {
		return err
	}
	framework, err := ReadFramework(json, frameworkPath)
	if err != nil {
		return err
	}
	defer framework.Close()
	card, err := score(dataPath, framework)
	if err != nil {
		return err
	}
	defer card.Close()
	if err := printBest(card); err != nil {
		return err
	}
	var written bytes.Buffer
	if err := card.WriteCSV(&written); err != nil {
		return err
	}
	texts := []io.Reader{&written}
	if expectedPath != "" {
		file, err := os.Open(expectedPath)
		if err != nil {
			return err
		}
		defer file.Close()
		texts = append(texts, file)
	}
	for _, text := range texts {
		if err := compare(card, framework, text); err != nil {
			return err
		}
	}
	return showError()
}

func score(dataPath string, framework *Framework) (*Scorecard, error) {
	file, err := os.Open(dataPath)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := ReadDataset(file, dataPath, framework)
	if err != nil {
		return nil, err
	}
	defer data.Close()
	model, err := Fit(framework, data)
	if err != nil {
		return nil, err
	}
	defer model.Close()
	return model.Score(data) // the card holds on to what it needs
}

// printBest prints the best three and Vietnam.
func printBest(card *Scorecard) error {
	scores, err := card.Scores(0)
	if err != nil {
		return err
	}
	ranks, err := card.Ranks(0)
	if err != nil {
		return err
	}
	regions := card.Regions()
	var best []int
	vietnam := -1
	for row, rank := range ranks {
		if rank <= 3 {
			best = append(best, row)
		}
		if regions[row] == "VNM" {
			vietnam = row
		}
	}
	if vietnam < 0 {
		return errors.New("VNM is not among the regions")
	}
	sort.Slice(best, func(a, b int) bool { return ranks[best[a]] < ranks[best[b]] })
	for _, row := range append(best, vietnam) {
		fmt.Println(ranks[row], regions[row], strconv.FormatFloat(scores[row], 'f', -1, 64))
	}
	return nil
}

// compare compares the scores of a csv of a scorecard with those in memory, bit by bit.
func compare(card *Scorecard, framework *Framework, text io.Reader) error {
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		return err
	}
	places := map[string]int{}
	for row, region := range card.Regions() {
		places[region] = row
	}
	scores := map[string][]float64{}
	different := 0
	for _, row := range rows[1:] { // region,period,node,score,rank,coverage,status
		region, node, score := row[0], row[2], row[3]
		if scores[node] == nil {
			if scores[node], err = card.Scores(framework.Find(node)); err != nil {
				return err
			}
		}
		want := uint64(notComputed)
		if score != "" {
			value, err := strconv.ParseFloat(score, 64)
			if err != nil {
				return err
			}
			want = math.Float64bits(value)
		}
		if math.Float64bits(scores[node][places[region]]) != want {
			different++
		}
	}
	count := len(rows) - 1
	fmt.Println(count, "scores compared,", different, "differ")
	if different > 0 || count != len(places)*framework.NodeCount() {
		return errors.New("not the same bits at every region and node")
	}
	return nil
}

// showError reads a framework that is none: the library says where, and Go has an error value.
func showError() error {
	_, err := ReadFramework([]byte(`{"id": }`), "wrong.json")
	var wrong *Error
	if !errors.As(err, &wrong) {
		return errors.New("a framework that is none was read")
	}
	fmt.Printf("%s: %v\n", wrong.StatusName(), wrong)
	return nil
}
