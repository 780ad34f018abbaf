/* Gradient descent on small deep linear networks, W_j <- W_j - eta W_{j+1:N}^T G W_{1:j-1}^T.
 *
 * A network has the dimensions d[0], ..., d[depth]; n = d[0] should be the smaller end, since every product but the
 * updates has n columns. One step costs 3 (depth - 1) products: the prefixes P_j = W_j P_{j-1}, and from the output
 * back_j = W_{j+1}^T back_{j+1} and W_j -= back_j P_{j-1}^T, starting from back_N = eta G. With R = P_N - Phi, `form`
 * says what G is: R (WHITE), R S or S R (a covariance S, on the side of the inputs), or M * R (a mask M, entry by
 * entry); `seen` is S or M, laid out as a layer is, and null for WHITE.
 *
 * descend_lanes: eight networks of one shape march side by side; every matrix entry is LANES numbers, one a network.
 * descend_one: a single network; rows are padded with zeros to a multiple of WIDTH entries.
 * Both take their working space from the caller and look at nothing global, so that threads do not meet. With
 * losses and norm_squared not null, step t stores <R, G>, twice the loss, and max_j ||W_j(t)||_F^2 there.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef _MSC_VER
#error "needs the vector extensions of GCC or Clang"
#endif

#define WIDTH 4
#define HALVES 2
#define LANES (WIDTH * HALVES)
#define MOST 7 /* inputs for which the loops are unrolled */
#define INLINE static inline __attribute__((always_inline))
#define EXPORT __attribute__((visibility("default")))
typedef double lane __attribute__((vector_size(8 * WIDTH)));
typedef int64_t mask __attribute__((vector_size(8 * WIDTH)));
typedef ptrdiff_t size;
enum { WHITE, ON_THE_RIGHT, ON_THE_LEFT, MASKED };

INLINE lane larger(lane a, lane b)
{
    mask first = a > b;
    return (lane)(((mask)a & first) | ((mask)b & ~first));
}

/* What becomes of the sums of a product: they are an entry, are taken off it, or eta (sum - Phi) is the entry. */
enum { STORE, SUBTRACT, RESIDUAL };
typedef struct { const lane *target, *rate; } aim;

/* Of C = A B, `rows` <= 4 rows and `columns` <= 4 columns, in one half of the lanes. */
INLINE void lane_tile(size rows, size columns, lane *c, size cr, const lane *a, size ar, size ac, const lane *b,
                      size br, size bc, size inner, int what, aim to)
{
    lane sum[4][4] = {{{0}}};
    for (size k = 0; k < inner; k++, a += ac, b += br)
        for (size i = 0; i < rows; i++)
            for (size j = 0; j < columns; j++) sum[i][j] += a[i * ar] * b[j * bc];
    for (size i = 0; i < rows; i++)
        for (size j = 0; j < columns; j++) {
            size at = i * cr + j * HALVES;
            lane s = sum[i][j];
            c[at] = what == STORE ? s : what == SUBTRACT ? c[at] - s : *to.rate * (s - to.target[at]);
        }
}

/* C from A B, tile by tile of `most` columns: entry (i, k) of A is a[i ar + k ac], entry (k, j) of B is
 * b[k br + j bc], and C is dense. All sums here are in the order of their index, from 0. */
INLINE void lane_product(size most, lane *c, const lane *a, size ar, size ac, const lane *b, size br, size bc,
                         size rows, size inner, size columns, int what, aim to)
{
    const size cr = columns * HALVES;
#define TILE(height, count)                                                                                           \
    for (size half = 0; half < HALVES; half++) {                                                                      \
        size at = i * cr + j * HALVES + half;                                                                         \
        aim there = {to.target ? to.target + at : 0, to.rate ? to.rate + half : 0};                                   \
        lane_tile(height, count, c + at, cr, a + i * ar + half, ar, ac, b + j * bc + half, br, bc, inner, what,       \
                  there);                                                                                             \
    }
#define ROWS(height)                                                                                                  \
    {                                                                                                                 \
        size j = 0;                                                                                                   \
        for (; j + most <= columns; j += most) TILE(height, most)                                                     \
        if (most > 3 && columns - j == 3) TILE(height, 3)                                                             \
        if (most > 2 && columns - j == 2) TILE(height, 2)                                                             \
        if (most > 1 && columns - j == 1) TILE(height, 1)                                                             \
    }
    size i = 0;
    for (; i + 4 <= rows; i += 4) ROWS(4)
    if (rows - i == 3) ROWS(3)
    if (rows - i == 2) ROWS(2)
    if (rows - i == 1) ROWS(1)
#undef ROWS
#undef TILE
}

/* C = A B, dense, for covariances: called, not unrolled. */
#define PRODUCT_ARGUMENTS lane *c, const lane *a, const lane *b, size rows, size inner, size columns
typedef void dense_product(PRODUCT_ARGUMENTS);
#define MULTIPLY                                                                                                      \
    lane_product(2, c, a, inner * HALVES, HALVES, b, columns * HALVES, HALVES, rows, inner, columns, STORE, (aim){0, 0})

/* For `count` <= 4 columns of W and n <= MOST columns: W^T back, and W -= back prefix^T, where W is read once. */
INLINE void lane_columns(size count, size n, lane *next, int subtract, lane *w, const lane *back, const lane *prefix,
                         size rows, size columns)
{
    lane sum[4][MOST] = {{{0}}}, factor[4][MOST];
    for (size k = 0; k < count; k++)
        for (size l = 0; l < n; l++) factor[k][l] = prefix[(k * n + l) * HALVES];
    for (size i = 0; i < rows; i++, w += columns * HALVES, back += n * HALVES)
        for (size k = 0; k < count; k++) {
            lane entry = w[k * HALVES], change = {0};
            for (size l = 0; l < n; l++) sum[k][l] += entry * back[l * HALVES];
            for (size l = 0; l < n; l++) change += back[l * HALVES] * factor[k][l];
            w[k * HALVES] = entry - change;
        }
    for (size k = 0; k < count; k++)
        for (size l = 0; l < n; l++) {
            lane *entry = next + (k * n + l) * HALVES;
            *entry = subtract ? *entry - sum[k][l] : sum[k][l];
        }
}

INLINE void lane_back(size n, lane *next, int subtract, lane *w, const lane *back, const lane *prefix, size rows,
                      size columns)
{
    const size most = n == 1 ? 4 : n == 2 ? 2 : 1;
#define COLUMNS(count)                                                                                                \
    for (size half = 0; half < HALVES; half++)                                                                        \
        lane_columns(count, n, next + k * n * HALVES + half, subtract, w + k * HALVES + half, back + half,            \
                     prefix + k * n * HALVES + half, rows, columns)
    size k = 0;
    for (; k + most <= columns; k += most) COLUMNS(most);
    if (most > 3 && columns - k == 3) COLUMNS(3);
    if (most > 2 && columns - k == 2) COLUMNS(2);
    if (most > 1 && columns - k == 1) COLUMNS(1);
#undef COLUMNS
}

INLINE void look_at_lanes(const int64_t *d, size depth, const lane *weights, const lane *residual,
                          const lane *gradient, lane *losses, lane *norm_squared)
{
    for (int half = 0; half < HALVES; half++) {
        lane sum = {0}, largest = {0};
        for (size i = 0; i < d[depth] * d[0]; i++) sum += residual[i * HALVES + half] * gradient[i * HALVES + half];
        losses[half] = sum;
        for (size j = 0, i = 0, end = 0; j < depth; j++) {
            lane norm = {0};
            for (end += d[j] * d[j + 1]; i < end; i++) {
                lane w = weights[i * HALVES + half];
                norm += w * w;
            }
            largest = larger(largest, norm);
        }
        norm_squared[half] = largest;
    }
}

/* `width` is what all dimensions are, and `columns` the first, where the compiler knows it, and 0 elsewhere. */
#define D(j) (width ? width : d[j])
INLINE void lanes_of(size width, size columns, dense_product *multiply, const int64_t *d, size depth, size groups,
                     size steps, lane *weights, const lane *target, const lane *rate, lane *work, lane *losses,
                     lane *norm_squared, const lane *seen, int form)
{
    const size n = columns ? columns : d[0], H = HALVES, outer = D(depth) * n;
    const size most = !columns ? 2 : n <= 4 ? n : n <= 6 ? 3 : 4; /* of a tile: 5 = 3 + 2, 6 = 3 + 3, 7 = 4 + 3 */
    const size of_form[] = {0, n * n, D(depth) * D(depth), outer};
    const aim none = {0, 0};
    const int at_once = columns && depth > 1 && form == WHITE && !losses; /* from the last product to eta R */
    size entries = 0, widest = 0;
    for (size j = 0; j < depth; j++) entries += D(j) * D(j + 1);
    for (size j = 0; j <= depth; j++) widest = D(j) > widest ? D(j) : widest;
    for (size g = 0; g < groups; g++, weights += entries * H, target += outer * H, rate += H, seen += of_form[form] * H)
        for (size t = 0; t < steps; t++) {
            lane *w = weights, *back = work, *next = back + widest * n * H, *p = next + widest * n * H;
            const lane *before = weights;
            for (size j = 1; j < depth; j++) {
                const size rows = D(j + 1), inner = D(j);
                w += inner * D(j - 1) * H;
                if (at_once && j == depth - 1)
                    lane_product(most, back, w, inner * H, H, before, n * H, H, rows, inner, n, RESIDUAL,
                                 (aim){target, rate});
                else
                    lane_product(most, p, w, inner * H, H, before, n * H, H, rows, inner, n, STORE, none);
                before = p;
                p += rows * n * H;
            }
            if (!at_once) {
                lane *residual = back;
                for (size i = 0; i < outer * H; i++) back[i] = before[i] - target[i];
                if (form == MASKED)
                    for (size i = 0; i < outer * H; i++) back[i] *= seen[i];
                else if (form != WHITE) {
                    if (form == ON_THE_RIGHT)
                        multiply(next, residual, seen, D(depth), n, n);
                    else
                        multiply(next, seen, residual, D(depth), D(depth), n);
                    back = next, next = residual;
                }
                if (losses)
                    look_at_lanes(d, depth, weights, residual, back, losses + (t * groups + g) * H,
                                  norm_squared + (t * groups + g) * H);
                for (size i = 0; i < outer; i++)
                    for (size half = 0; half < H; half++) back[i * H + half] *= rate[half];
            }
            p -= outer * H;
            for (size j = depth - 1; j > 0; j--) {
                const size rows = D(j + 1), inner = D(j);
                const lane *prefix = j > 1 ? (p -= inner * n * H) : weights;
                if (columns && j == 1)
                    lane_back(n, weights, 1, w, back, prefix, rows, inner);
                else if (columns)
                    lane_back(n, next, 0, w, back, prefix, rows, inner);
                else {
                    lane_product(2, next, w, H, inner * H, back, n * H, H, inner, rows, n, STORE, none);
                    lane_product(2, w, back, n * H, H, prefix, H, n * H, rows, n, inner, SUBTRACT, none);
                }
                w -= inner * D(j - 1) * H;
                lane *swap = back;
                back = next, next = swap;
            }
            if (depth == 1 || !columns)
                for (size i = 0; i < D(1) * n * H; i++) weights[i] -= back[i];
        }
}
#undef D

/* If `unrolled`, up to MOST inputs have code of their own, and square networks of 2, 3 and 4. */
INLINE void lanes(int unrolled, dense_product *multiply, const int64_t *d, size depth, size groups, size steps,
                  lane *weights, const lane *target, const lane *rate, lane *work, lane *losses, lane *norm_squared,
                  const lane *seen, int form)
{
    size width = d[0];
    for (size j = 1; j <= depth; j++) width = d[j] == d[0] ? width : 0;
#define OF(width, n)                                                                                                  \
    lanes_of(width, n, multiply, d, depth, groups, steps, weights, target, rate, work, losses, norm_squared, seen, form)
#define FROM(n) case n: OF(0, n); break;
#define SQUARE(n) case n: if (width) OF(n, n); else OF(0, n); break;
    switch (unrolled ? d[0] : 0) {
        FROM(1) SQUARE(2) SQUARE(3) SQUARE(4) FROM(5) FROM(6) FROM(7)
    default: OF(0, 0);
    }
#undef SQUARE
#undef FROM
#undef OF
}

/* `height` <= 4 rows of C = (or -=) A B, `count` <= 2 lanes wide; rows of B are `blocks` lanes apart. */
INLINE void row_tile(size height, size count, lane *c, const double *a, size ar, size ac, const lane *b, size inner,
                     size blocks, int subtract)
{
    lane sum[4][2] = {{{0}}};
    for (size k = 0; k < inner; k++)
        for (size i = 0; i < height; i++)
            for (size v = 0; v < count; v++) sum[i][v] += a[i * ar + k * ac] * b[k * blocks + v];
    for (size i = 0; i < height; i++)
        for (size v = 0; v < count; v++) {
            lane *entry = c + i * blocks + v;
            *entry = subtract ? *entry - sum[i][v] : sum[i][v];
        }
}

/* Rows of C = (or -=) A B for dense rows of B and C, `blocks` lanes wide: entry (i, k) of A is a[i ar + k ac]. */
INLINE void row_product(lane *c, const double *a, size ar, size ac, const lane *b, size rows, size inner, size blocks,
                        int subtract)
{
#define TILE(height, count)                                                                                           \
    row_tile(height, count, c + i * blocks + v, a + i * ar, ar, ac, b + v, inner, blocks, subtract)
#define ROWS(count)                                                                                                   \
    {                                                                                                                 \
        size i = 0;                                                                                                   \
        for (; i + 4 <= rows; i += 4) TILE(4, count);                                                                 \
        if (rows - i == 3) TILE(3, count);                                                                            \
        if (rows - i == 2) TILE(2, count);                                                                            \
        if (rows - i == 1) TILE(1, count);                                                                            \
    }
    size v = 0;
    for (; v + 2 <= blocks; v += 2) ROWS(2)
    if (v < blocks) ROWS(1)
#undef ROWS
#undef TILE
}

#ifdef __clang__
#define MIX(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#else
#define MIX(a, b, i, j, k, l) __builtin_shuffle(a, b, (mask){i, j, k, l})
#endif

/* The transpose of `rows` x `columns` entries, in registers: stores of single numbers would be waited for. */
INLINE void flip(lane *to, size to_blocks, const lane *from, size from_blocks, size rows, size columns)
{
    for (size i = 0; i < rows; i += WIDTH)
        for (size j = 0; j < columns; j += WIDTH) {
            const lane *x = from + i * from_blocks + j / WIDTH, zero = {0};
            lane *y = to + j * to_blocks + i / WIDTH;
            lane a = x[0], b = i + 1 < rows ? x[from_blocks] : zero;
            lane c = i + 2 < rows ? x[2 * from_blocks] : zero, d = i + 3 < rows ? x[3 * from_blocks] : zero;
            lane ab = MIX(a, b, 0, 4, 2, 6), cd = MIX(c, d, 0, 4, 2, 6);
            lane odd_ab = MIX(a, b, 1, 5, 3, 7), odd_cd = MIX(c, d, 1, 5, 3, 7);
            y[0] = MIX(ab, cd, 0, 1, 4, 5);
            if (j + 1 < columns) y[to_blocks] = MIX(odd_ab, odd_cd, 0, 1, 4, 5);
            if (j + 2 < columns) y[2 * to_blocks] = MIX(ab, cd, 2, 3, 6, 7);
            if (j + 3 < columns) y[3 * to_blocks] = MIX(odd_ab, odd_cd, 2, 3, 6, 7);
        }
}

INLINE double inner(const lane *a, const lane *b, size count)
{
    lane sum = {0};
    for (size i = 0; i < count; i++) sum += a[i] * b[i];
    double total = 0;
    for (int i = 0; i < WIDTH; i++) total += sum[i];
    return total;
}

/* `width` is what all dimensions are, where the compiler knows it, and 0 elsewhere. */
#define D(j) (width ? width : d[j])
#define BLOCKS(j) ((D(j) + WIDTH - 1) / WIDTH)
INLINE void one_of(size width, const int64_t *d, size depth, size steps, lane *weights, const lane *target, double rate,
                   lane *work, double *losses, double *norm_squared, const lane *seen, int form)
{
    const size n = D(0), wide = (n + WIDTH - 1) / WIDTH, outer = D(depth) * wide;
    size widest = 0, prefixes = 0;
    for (size j = 0; j <= depth; j++) {
        widest = D(j) > widest ? D(j) : widest;
        prefixes += D(j) * wide + n * BLOCKS(j);
    }
    for (size i = 0; i < prefixes; i++) work[2 * widest * wide + i] = (lane){0}; /* padding is never written later */
    for (size t = 0; t < steps; t++) {
        lane *w = weights, *back = work, *next = back + widest * wide, *p = next + widest * wide;
        const lane *before = weights;
        for (size j = 1; j < depth; j++) {
            lane *flipped = p + D(j) * wide; /* P_{j-1}^T: what the update of layer j + 1 needs, row by row */
            flip(flipped, BLOCKS(j), before, wide, D(j), n);
            w += D(j) * BLOCKS(j - 1);
            p = flipped + n * BLOCKS(j);
            row_product(p, (double *)w, BLOCKS(j) * WIDTH, 1, before, D(j + 1), D(j), wide, 0);
            before = p;
        }
        lane *residual = back;
        for (size i = 0; i < outer; i++) back[i] = before[i] - target[i];
        if (form == MASKED)
            for (size i = 0; i < outer; i++) back[i] *= seen[i];
        else if (form != WHITE) {
            const int right = form == ON_THE_RIGHT;
            const lane *a = right ? residual : seen, *b = right ? seen : residual;
            const size inner = right ? n : D(depth);
            row_product(next, (const double *)a, (inner + WIDTH - 1) / WIDTH * WIDTH, 1, b, D(depth), inner, wide, 0);
            back = next, next = residual;
        }
        if (losses) {
            double largest = 0;
            const lane *layer = weights;
            for (size j = 0; j < depth; layer += D(j + 1) * BLOCKS(j), j++) {
                double norm = inner(layer, layer, D(j + 1) * BLOCKS(j));
                largest = norm > largest ? norm : largest;
            }
            losses[t] = inner(residual, back, outer);
            norm_squared[t] = largest;
        }
        for (size i = 0; i < outer; i++) back[i] *= rate;
        for (size j = depth - 1; j > 0; j--) {
            const lane *flipped = p - n * BLOCKS(j);
            p = (lane *)flipped - D(j) * wide;
            row_product(next, (double *)w, 1, BLOCKS(j) * WIDTH, back, D(j), D(j + 1), wide, 0);
            row_product(w, (double *)back, wide * WIDTH, 1, flipped, D(j + 1), n, BLOCKS(j), 1);
            w -= D(j) * BLOCKS(j - 1);
            lane *swap = back;
            back = next, next = swap;
        }
        for (size i = 0; i < D(1) * wide; i++) weights[i] -= back[i];
    }
}
#undef BLOCKS
#undef D
#define BLOCKS(j) ((d[j] + WIDTH - 1) / WIDTH)

/* `count` <= 4 lanes of C = sum_k a[k] (row k of B), whose rows are `blocks` lanes long; where `less` is not null, from
 * row k then goes a[k] less. */
INLINE void row_sum(size count, lane *c, const double *a, lane *b, const lane *less, size rows, size blocks)
{
    lane sum[4] = {{0}};
    for (size k = 0; k < rows; k++)
        for (size v = 0; v < count; v++) {
            lane *entry = b + k * blocks + v, product = {0};
            sum[v] += a[k] * *entry;
            if (less) {
                product += a[k] * less[v];
                *entry -= product;
            }
        }
    for (size v = 0; v < count; v++) c[v] = sum[v];
}

/* `count` <= 4 lanes of: row k of B -= a[k] less. */
INLINE void row_less(size count, const double *a, lane *b, const lane *less, size rows, size blocks)
{
    for (size k = 0; k < rows; k++)
        for (size v = 0; v < count; v++) {
            lane product = {0};
            product += a[k] * less[v];
            b[k * blocks + v] -= product;
        }
}

/* All `blocks` lanes, four by four: WHAT(count) is one of these for `count` lanes from v on. */
#define BY_FOUR(blocks, WHAT)                                                                                         \
    for (size v = 0, left = blocks; left > 0; v += 4, left -= 4) {                                                    \
        if (left >= 4) WHAT(4);                                                                                       \
        if (left == 3) WHAT(3);                                                                                       \
        if (left == 2) WHAT(2);                                                                                       \
        if (left == 1) WHAT(1);                                                                                       \
    }

/* One input, or one output, and depth >= 2: prefixes and what comes back are vectors. Each layer but the first is moved
 * along with its transpose, so that both W p and W^T back are sums of rows. The first is kept as a vector meanwhile. */
INLINE void skinny(const int64_t *d, size depth, size steps, lane *weights, const lane *target, double rate, lane *work)
{
    size longest = 0, layers = 0;
    for (size j = 0; j <= depth; j++) longest = BLOCKS(j) > longest ? BLOCKS(j) : longest;
    lane *back = work, *next = back + longest, *aim = next + longest, *p = aim + longest;
    for (size j = 1; j < depth; j++) layers += BLOCKS(j);
    lane *last = p + layers, *flipped = last + longest, *first = weights + d[1], *w = first, *u = flipped;
    for (lane *x = work; x < flipped; x++) *x = (lane){0};
    for (size i = 0; i < d[1]; i++) ((double *)p)[i] = weights[i][0];
    for (size i = 0; i < d[depth]; i++) ((double *)aim)[i] = target[i][0];
    for (size j = 1; j < depth; w += d[j + 1] * BLOCKS(j), u += d[j] * BLOCKS(j + 1), j++)
        flip(u, BLOCKS(j + 1), w, BLOCKS(j), d[j + 1], d[j]);
    for (size t = 0; t < steps; t++) {
        lane *x = p;
        w = first, u = flipped;
        for (size j = 1; j < depth; j++) {
#define FORWARD(count) row_sum(count, x + BLOCKS(j) + v, (double *)x, u + v, 0, d[j], BLOCKS(j + 1))
            BY_FOUR(BLOCKS(j + 1), FORWARD)
            x += BLOCKS(j), w += d[j + 1] * BLOCKS(j), u += d[j] * BLOCKS(j + 1);
        }
        for (size i = 0; i < BLOCKS(depth); i++) back[i] = rate * (x[i] - aim[i]);
        for (size j = depth - 1; j > 0; j--) {
            x -= BLOCKS(j), w -= d[j + 1] * BLOCKS(j), u -= d[j] * BLOCKS(j + 1);
#define BACK(count) row_sum(count, next + v, (double *)back, w + v, x + v, d[j + 1], BLOCKS(j))
            BY_FOUR(BLOCKS(j), BACK)
#define FLIPPED(count) row_less(count, (double *)x, u + v, back + v, d[j], BLOCKS(j + 1))
            BY_FOUR(BLOCKS(j + 1), FLIPPED)
            lane *swap = back;
            back = next, next = swap;
        }
        for (size i = 0; i < BLOCKS(1); i++) p[i] -= back[i];
    }
    for (size i = 0; i < d[1]; i++) weights[i][0] = ((double *)p)[i];
}
#undef FORWARD
#undef BACK
#undef FLIPPED
#undef BLOCKS

/* If `unrolled`, square networks of 2, 3, 4 and 8 have code of their own. */
INLINE void one(int unrolled, const int64_t *d, size depth, size steps, lane *weights, const lane *target, double rate,
                lane *work, double *losses, double *norm_squared, const lane *seen, int form)
{
    size width = d[0];
    for (size j = 1; j <= depth; j++) width = d[j] == d[0] ? width : 0;
#define OF(width) one_of(width, d, depth, steps, weights, target, rate, work, losses, norm_squared, seen, form)
    if (d[0] == 1 && depth > 1 && form == WHITE && !losses) {
        skinny(d, depth, steps, weights, target, rate, work);
        return;
    }
    switch (unrolled ? width : 0) {
    case 2: OF(2); break;
    case 3: OF(3); break;
    case 4: OF(4); break;
    case 8: OF(8); break;
    default: OF(0);
    }
#undef OF
}

#define LANES_ARGUMENTS                                                                                               \
    const int64_t *d, int64_t depth, int64_t groups, int64_t steps, lane *weights, const lane *target,               \
        const lane *rate, lane *work, lane *losses, lane *norm_squared, const lane *seen, int form
#define ONE_ARGUMENTS                                                                                                 \
    const int64_t *d, int64_t depth, int64_t steps, lane *weights, const lane *target, double rate, lane *work,      \
        double *losses, double *norm_squared, const lane *seen, int form
#define RUN_LANES(unrolled, multiply)                                                                                 \
    lanes(unrolled, multiply, d, depth, groups, steps, weights, target, rate, work, losses, norm_squared, seen, form)
#define RUN_ONE(unrolled) one(unrolled, d, depth, steps, weights, target, rate, work, losses, norm_squared, seen, form)

#if defined(__x86_64__) /* the best instructions that the processor has, chosen when called: AVX-512 for 32 registers */
#define AVX512 __attribute__((target("avx2,fma,avx512f,avx512vl")))
#define AVX2 __attribute__((target("avx2,fma")))
AVX512 static void multiply_avx512(PRODUCT_ARGUMENTS) { MULTIPLY; }
AVX512 static void lanes_avx512(LANES_ARGUMENTS) { RUN_LANES(1, multiply_avx512); }
AVX512 static void one_avx512(ONE_ARGUMENTS) { RUN_ONE(1); }
AVX2 static void multiply_avx2(PRODUCT_ARGUMENTS) { MULTIPLY; }
AVX2 static void lanes_avx2(LANES_ARGUMENTS) { RUN_LANES(1, multiply_avx2); }
AVX2 static void one_avx2(ONE_ARGUMENTS) { RUN_ONE(1); }
INLINE int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
INLINE int has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}
#define BEST(name, arguments)                                                                                         \
    if (has_avx512()) { name##_avx512 arguments; return; }                                                            \
    if (has_avx2()) { name##_avx2 arguments; return; }
#define UNROLLED 0
EXPORT const char *instructions(void) { return has_avx512() ? "AVX-512" : has_avx2() ? "AVX2" : "SSE2"; }
#else
#define BEST(name, arguments)
#define UNROLLED 1
EXPORT const char *instructions(void) { return "the compiler's default instructions"; }
#endif

static void multiply(PRODUCT_ARGUMENTS) { MULTIPLY; }

/* Counts the changes of the two signatures, so that a library that was built before one is not called after it. */
EXPORT int64_t kernel_version(void) { return 2; }

EXPORT void descend_lanes(LANES_ARGUMENTS)
{
    BEST(lanes, (d, depth, groups, steps, weights, target, rate, work, losses, norm_squared, seen, form))
    RUN_LANES(UNROLLED, multiply);
}

EXPORT void descend_one(ONE_ARGUMENTS)
{
    BEST(one, (d, depth, steps, weights, target, rate, work, losses, norm_squared, seen, form))
    RUN_ONE(UNROLLED);
}
