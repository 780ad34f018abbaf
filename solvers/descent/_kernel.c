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
#define INLINE static inline __attribute__((always_inline))
#define EXPORT __attribute__((visibility("default")))
typedef double lane __attribute__((vector_size(8 * WIDTH)));
typedef int64_t mask __attribute__((vector_size(8 * WIDTH)));
typedef ptrdiff_t size;
enum { WHITE, ON_THE_RIGHT, ON_THE_LEFT, MASKED };

INLINE void put(lane *entry, lane sum, int subtract) { *entry = subtract ? *entry - sum : sum; }

INLINE lane larger(lane a, lane b)
{
    mask first = a > b;
    return (lane)(((mask)a & first) | ((mask)b & ~first));
}

/* C = A B, or C -= A B: entry (i, k) of A is a[i ar + k ac], entry (k, j) of B is b[k br + j bc]; C is dense. */
INLINE void lane_product(lane *c, const lane *a, size ar, size ac, const lane *b, size br, size bc,
                         size rows, size inner, size columns, int subtract)
{
    size i = 0, j, k;
    for (; i + 2 <= rows; i += 2) {
        lane *c0 = c + i * columns * HALVES, *c1 = c0 + columns * HALVES;
        for (j = 0; j + 2 <= columns; j += 2, c0 += 2 * HALVES, c1 += 2 * HALVES)
            for (int half = 0; half < HALVES; half++) {
                const lane *x = a + i * ar + half, *y = b + j * bc + half;
                lane s00 = {0}, s01 = {0}, s10 = {0}, s11 = {0};
                for (k = 0; k < inner; k++, x += ac, y += br) {
                    lane x0 = x[0], x1 = x[ar], y0 = y[0], y1 = y[bc];
                    s00 += x0 * y0, s01 += x0 * y1, s10 += x1 * y0, s11 += x1 * y1;
                }
                put(c0 + half, s00, subtract), put(c0 + HALVES + half, s01, subtract);
                put(c1 + half, s10, subtract), put(c1 + HALVES + half, s11, subtract);
            }
        for (; j < columns; j++, c0 += HALVES, c1 += HALVES)
            for (int half = 0; half < HALVES; half++) {
                const lane *x = a + i * ar + half, *y = b + j * bc + half;
                lane s0 = {0}, s1 = {0};
                for (k = 0; k < inner; k++, x += ac, y += br) s0 += x[0] * y[0], s1 += x[ar] * y[0];
                put(c0 + half, s0, subtract), put(c1 + half, s1, subtract);
            }
    }
    for (; i < rows; i++)
        for (j = 0; j < columns; j++)
            for (int half = 0; half < HALVES; half++) {
                const lane *x = a + i * ar + half, *y = b + j * bc + half;
                lane s = {0};
                for (k = 0; k < inner; k++, x += ac, y += br) s += x[0] * y[0];
                put(c + (i * columns + j) * HALVES + half, s, subtract);
            }
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

/* `width` is what all dimensions are, where the compiler knows it and can unroll the loops, and 0 elsewhere. */
#define D(j) (width ? width : d[j])
INLINE void lanes_of(size width, const int64_t *d, size depth, size groups, size steps, lane *weights,
                     const lane *target, const lane *rate, lane *work, lane *losses, lane *norm_squared,
                     const lane *seen, int form)
{
    const size n = D(0), H = HALVES, outer = D(depth) * n;
    const size of_form[] = {0, n * n, D(depth) * D(depth), outer};
    size entries = 0, widest = 0;
    for (size j = 0; j < depth; j++) entries += D(j) * D(j + 1);
    for (size j = 0; j <= depth; j++) widest = D(j) > widest ? D(j) : widest;
    for (size g = 0; g < groups; g++, weights += entries * H, target += outer * H, rate += H, seen += of_form[form] * H)
        for (size t = 0; t < steps; t++) {
            lane *w = weights, *back = work, *next = back + widest * n * H, *p = next + widest * n * H;
            const lane *before = weights;
            for (size j = 1; j < depth; j++) {
                w += D(j) * D(j - 1) * H;
                lane_product(p, w, D(j) * H, H, before, n * H, H, D(j + 1), D(j), n, 0);
                before = p;
                p += D(j + 1) * n * H;
            }
            if (form == WHITE && !losses) {
                for (size i = 0; i < outer; i++)
                    for (size half = 0; half < H; half++)
                        back[i * H + half] = rate[half] * (before[i * H + half] - target[i * H + half]);
            } else {
                lane *residual = back;
                for (size i = 0; i < outer * H; i++) back[i] = before[i] - target[i];
                if (form == MASKED)
                    for (size i = 0; i < outer * H; i++) back[i] *= seen[i];
                else if (form != WHITE) {
                    if (form == ON_THE_RIGHT)
                        lane_product(next, residual, n * H, H, seen, n * H, H, D(depth), n, n, 0);
                    else
                        lane_product(next, seen, D(depth) * H, H, residual, n * H, H, D(depth), D(depth), n, 0);
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
                const lane *prefix = j > 1 ? (p -= D(j) * n * H) : weights;
                lane_product(next, w, H, D(j) * H, back, n * H, H, D(j), D(j + 1), n, 0);
                lane_product(w, back, n * H, H, prefix, H, n * H, D(j + 1), n, D(j), 1);
                w -= D(j) * D(j - 1) * H;
                lane *swap = back;
                back = next, next = swap;
            }
            for (size i = 0; i < D(1) * n * H; i++) weights[i] -= back[i];
        }
}
#undef D

INLINE void lanes(const int64_t *d, size depth, size groups, size steps, lane *weights, const lane *target,
                  const lane *rate, lane *work, lane *losses, lane *norm_squared, const lane *seen, int form)
{
    size width = d[0];
    for (size j = 1; j <= depth; j++) width = d[j] == d[0] ? width : 0;
#define OF_WIDTH(n) lanes_of(n, d, depth, groups, steps, weights, target, rate, work, losses, norm_squared, seen, form)
    switch (width) {
    case 1: OF_WIDTH(1); break;
    case 2: OF_WIDTH(2); break;
    case 3: OF_WIDTH(3); break;
    case 4: OF_WIDTH(4); break;
    default: OF_WIDTH(0);
    }
#undef OF_WIDTH
}

/* Rows of C = (or -=) A B for dense rows of B and C, `blocks` lanes wide: entry (i, k) of A is a[i ar + k ac]. */
INLINE void row_product(lane *c, const double *a, size ar, size ac, const lane *b, size rows, size inner, size blocks,
                        int subtract)
{
    for (size v = 0; v < blocks; v++) {
        size i = 0, k;
        for (; i + 4 <= rows; i += 4) {
            const double *x = a + i * ar;
            const lane *y = b + v;
            lane s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
            for (k = 0; k < inner; k++, x += ac, y += blocks)
                s0 += x[0] * y[0], s1 += x[ar] * y[0], s2 += x[2 * ar] * y[0], s3 += x[3 * ar] * y[0];
            put(c + i * blocks + v, s0, subtract), put(c + (i + 1) * blocks + v, s1, subtract);
            put(c + (i + 2) * blocks + v, s2, subtract), put(c + (i + 3) * blocks + v, s3, subtract);
        }
        for (; i < rows; i++) {
            const double *x = a + i * ar;
            const lane *y = b + v;
            lane s = {0};
            for (k = 0; k < inner; k++, x += ac, y += blocks) s += x[0] * y[0];
            put(c + i * blocks + v, s, subtract);
        }
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

INLINE void one(const int64_t *d, size depth, size steps, lane *weights, const lane *target, double rate, lane *work,
                double *losses, double *norm_squared, const lane *seen, int form)
{
    const size n = d[0], wide = (n + WIDTH - 1) / WIDTH, outer = d[depth] * wide;
#define BLOCKS(j) ((d[j] + WIDTH - 1) / WIDTH)
    size widest = 0, prefixes = 0;
    for (size j = 0; j <= depth; j++) {
        widest = d[j] > widest ? d[j] : widest;
        prefixes += d[j] * wide + n * BLOCKS(j);
    }
    for (size i = 0; i < prefixes; i++) work[2 * widest * wide + i] = (lane){0}; /* padding is never written later */
    for (size t = 0; t < steps; t++) {
        lane *w = weights, *back = work, *next = back + widest * wide, *p = next + widest * wide;
        const lane *before = weights;
        for (size j = 1; j < depth; j++) {
            lane *flipped = p + d[j] * wide; /* P_{j-1}^T: what the update of layer j + 1 needs, row by row */
            for (size i = 0; i < n; i++)
                for (size k = 0; k < d[j]; k++)
                    ((double *)flipped)[i * BLOCKS(j) * WIDTH + k] = ((const double *)before)[k * wide * WIDTH + i];
            w += d[j] * BLOCKS(j - 1);
            p = flipped + n * BLOCKS(j);
            row_product(p, (double *)w, BLOCKS(j) * WIDTH, 1, before, d[j + 1], d[j], wide, 0);
            before = p;
        }
        lane *residual = back;
        for (size i = 0; i < outer; i++) back[i] = before[i] - target[i];
        if (form == MASKED)
            for (size i = 0; i < outer; i++) back[i] *= seen[i];
        else if (form != WHITE) {
            if (form == ON_THE_RIGHT)
                row_product(next, (double *)residual, wide * WIDTH, 1, seen, d[depth], n, wide, 0);
            else
                row_product(next, (const double *)seen, BLOCKS(depth) * WIDTH, 1, residual, d[depth], d[depth], wide, 0);
            back = next, next = residual;
        }
        if (losses) {
            double largest = 0;
            const lane *layer = weights;
            for (size j = 0; j < depth; layer += d[j + 1] * BLOCKS(j), j++) {
                double norm = inner(layer, layer, d[j + 1] * BLOCKS(j));
                largest = norm > largest ? norm : largest;
            }
            losses[t] = inner(residual, back, outer);
            norm_squared[t] = largest;
        }
        for (size i = 0; i < outer; i++) back[i] *= rate;
        for (size j = depth - 1; j > 0; j--) {
            const lane *flipped = p - n * BLOCKS(j);
            p = (lane *)flipped - d[j] * wide;
            row_product(next, (double *)w, 1, BLOCKS(j) * WIDTH, back, d[j], d[j + 1], wide, 0);
            row_product(w, (double *)back, wide * WIDTH, 1, flipped, d[j + 1], n, BLOCKS(j), 1);
            w -= d[j] * BLOCKS(j - 1);
            lane *swap = back;
            back = next, next = swap;
        }
        for (size i = 0; i < d[1] * wide; i++) weights[i] -= back[i];
    }
#undef BLOCKS
}

#define LANES_ARGUMENTS                                                                                               \
    const int64_t *d, int64_t depth, int64_t groups, int64_t steps, lane *weights, const lane *target,               \
        const lane *rate, lane *work, lane *losses, lane *norm_squared, const lane *seen, int form
#define ONE_ARGUMENTS                                                                                                 \
    const int64_t *d, int64_t depth, int64_t steps, lane *weights, const lane *target, double rate, lane *work,      \
        double *losses, double *norm_squared, const lane *seen, int form
#define RUN_LANES lanes(d, depth, groups, steps, weights, target, rate, work, losses, norm_squared, seen, form)
#define RUN_ONE one(d, depth, steps, weights, target, rate, work, losses, norm_squared, seen, form)

#if defined(__x86_64__) /* the best instructions that the processor has, chosen when called */
__attribute__((target("avx2,fma"))) static void lanes_avx2(LANES_ARGUMENTS) { RUN_LANES; }
__attribute__((target("avx2,fma"))) static void one_avx2(ONE_ARGUMENTS) { RUN_ONE; }
#define WITH_AVX2(call) if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) { call; return; }
EXPORT const char *instructions(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "AVX2" : "SSE2";
}
#else
#define WITH_AVX2(call)
EXPORT const char *instructions(void) { return "the compiler's default instructions"; }
#endif

/* Counts the changes of the two signatures, so that a library that was built before one is not called after it. */
EXPORT int64_t kernel_version(void) { return 2; }

EXPORT void descend_lanes(LANES_ARGUMENTS)
{
    WITH_AVX2(lanes_avx2(d, depth, groups, steps, weights, target, rate, work, losses, norm_squared, seen, form))
    RUN_LANES;
}

EXPORT void descend_one(ONE_ARGUMENTS)
{
    WITH_AVX2(one_avx2(d, depth, steps, weights, target, rate, work, losses, norm_squared, seen, form))
    RUN_ONE;
}
