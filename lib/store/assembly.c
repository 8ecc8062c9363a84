/* SPDX-License-Identifier: Apache-2.0
 * Rows of assembly_list.sql. */
#include "store/assembly.h"

#include "pg/pool.h"

bool assembly_point_read_all(const PGresult *result, struct arena *arena, struct slice *seen,
                             struct assembly_point **points, size_t *count)
{
    *count = (size_t)PQntuples(result) - 1; /* the first says only which they are */
    *seen = arena_dup(arena, pg_get_slice(result, 0, 0));
    *points = arena_array(arena, *count + 1, sizeof(**points));
    for (size_t i = 0; *points != NULL && i < *count; i++) {
        int row = (int)i + 1;
        (*points)[i] = (struct assembly_point){
            .crisis = arena_dup(arena, pg_get_slice(result, row, 1)),
            .name = arena_dup(arena, pg_get_slice(result, row, 2)),
            .lat = pg_get_float8(result, row, 3),
            .lon = pg_get_float8(result, row, 4),
        };
    }
    return *points != NULL && seen->data != NULL && !arena->failed;
}
