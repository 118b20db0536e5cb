/* One newcomer before all sponsors: the least work we know of for an exact answer.
 *
 * Sponsors lie in the order of a bucket key made of the rules that partition them, one line of the cache each. Buckets
 * that a rule excludes are skipped whole; a sponsor who cannot reach the k-th best is left after a few look-ups. */

#include <stdint.h>
#include <string.h>

enum { IN_PERSON = 1, FAR = 1 << 24, MOST_VISITS = 3, MOST = 64 };

typedef struct {
    uint64_t week[3];
    int32_t alone;   /* points that look at the sponsor alone */
    uint32_t place;  /* area and limit, an index into `near` */
    int32_t home;    /* the home group, or -1 */
    int32_t visits[MOST_VISITS];
    uint32_t rank;   /* the order among equal scores */
    uint8_t modes, taste, stated, unused[9];
} Sponsor;

typedef struct {
    int64_t first, last;
    uint8_t fellowship, gender, comfortable, languages, unused[4];
} Bucket;

typedef struct {
    uint64_t week[3];
    const int32_t *near;
    const int32_t *tastes;
    const int32_t *hours;
    int32_t meetings[4];
    int32_t apart, same_home, unstated, most_hours, most_home;
    int32_t home;
    int32_t visits[MOST_VISITS];
    uint8_t fellowship, gender, comfortable, languages, modes, stated, unused[6];
} Newcomer;

typedef struct {
    int32_t score;
    uint32_t rank;
    int64_t row;
} Found;

static int better(int32_t score, uint32_t rank, const Found *other) {
    return score > other->score || (score == other->score && rank < other->rank);
}

static int32_t home_group(const Newcomer *one, const Sponsor *many) {
    if (one->home >= 0 && one->home == many->home) return one->same_home;
    if (!one->stated || !many->stated) return one->unstated;
    int shared = 0;
    for (int own = 0; own < MOST_VISITS; own++)
        for (int at = 0; at < MOST_VISITS; at++)
            shared += one->visits[own] >= 0 && one->visits[own] == many->visits[at];
    return one->meetings[shared];
}

static int insert(Found *found, int size, int k, Found fresh) {
    int at = size < k ? size : k - 1;
    for (; at > 0 && better(fresh.score, fresh.rank, &found[at - 1]); at--) found[at] = found[at - 1];
    found[at] = fresh;
    return size < k ? size + 1 : k;
}

/* Finds the k best (at most MOST) in the order of score and rank, and returns how many there are. */
int scan(const Sponsor *sponsors, const Bucket *buckets, int64_t count, const Newcomer *one, int k, Found *found) {
    int size = 0;
    if (k > MOST) return -1;
    for (int64_t at = 0; at < count; at++) {
        const Bucket *bucket = &buckets[at];
        if (bucket->fellowship != one->fellowship || !(bucket->gender & one->comfortable) ||
            !(bucket->comfortable & one->gender) || !(bucket->languages & one->languages))
            continue;
        for (int64_t row = bucket->first; row < bucket->last; row++) {
            const Sponsor *many = &sponsors[row];
            const uint8_t common = many->modes & one->modes;
            int32_t score = many->alone + one->tastes[many->taste] + one->most_hours + one->most_home;
            if (!common) continue;
            const int32_t near = one->near[many->place];
            if (common == IN_PERSON && near >= FAR) continue;
            score += common & IN_PERSON ? near & (FAR - 1) : one->apart;
            if (size == k && !better(score, many->rank, &found[k - 1])) continue;
            const int shared = __builtin_popcountll(many->week[0] & one->week[0]) +
                               __builtin_popcountll(many->week[1] & one->week[1]) +
                               __builtin_popcountll(many->week[2] & one->week[2]);
            if (!shared) continue;
            score += one->hours[shared] - one->most_hours;
            if (size == k && !better(score, many->rank, &found[k - 1])) continue;
            score += home_group(one, many) - one->most_home;
            if (size == k && !better(score, many->rank, &found[k - 1])) continue;
            size = insert(found, size, k, (Found){score, many->rank, row});
        }
    }
    return size;
}
