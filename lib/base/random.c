/* SPDX-License-Identifier: MIT */
/* Random numbers that are counted, not drawn: number i of a stream is a function of seed, stream and i alone, so that
 * any part of a run can be made anywhere, in any order. Philox 4x32-10 of Salmon, Moraes, Dror and Shaw (2011),
 * Parallel random numbers: as easy as 1, 2, 3, SC '11. */
#include "base/base_impl.h"

#define ROUNDS 10

void smri_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t even = UINT64_C(0xd2511f53) * c0, odd = UINT64_C(0xcd9e8d57) * c2;
        c0 = (uint32_t)(odd >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)odd;
        c2 = (uint32_t)(even >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)even;
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

double smri_random_unit(uint64_t seed, uint64_t stream, uint64_t index) {
    const uint32_t counter[] = {(uint32_t)index, (uint32_t)(index >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    smri_philox(counter, key, out);
    return (double)(((uint64_t)out[1] << 32 | out[0]) >> 11) * 0x1p-53;
}

double smri_random_lane(uint64_t seed, uint64_t stream, uint64_t draw) {
    const uint64_t block = draw / SMRI_LANES * (SMRI_LANES / 2) + draw % (SMRI_LANES / 2);
    const uint32_t counter[] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    smri_philox(counter, key, out);
    const uint32_t *const words = out + (draw % SMRI_LANES < SMRI_LANES / 2 ? 0 : 2);
    return (double)(((uint64_t)words[1] << 32 | words[0]) >> 12) * 0x1p-52 + 0x1p-53;
}
