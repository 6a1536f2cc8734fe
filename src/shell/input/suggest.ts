// "Did you mean": the closest of what exists, for commands, options, values and ids. Suggested, never acted
// on.

/** The candidate nearest to what was typed, if it is near enough to be a slip of the finger. */
export function closest(typed: string, candidates: Iterable<string>): string | undefined {
  const { length } = typed.replace(/^-+/, '');
  const most = length <= 3 ? 1 : length <= 5 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - typed.length) >= bestDistance) continue;
    const distance = editDistance(typed.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `: did you mean ship?`, or nothing. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const hit = closest(typed, candidates);
  return hit === undefined ? '' : `: did you mean ${hit}?`;
}

/**
 * How far one word is from another (Damerau-Levenshtein, restricted): insertions, deletions, substitutions,
 * and two neighbours swapped each count one.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
