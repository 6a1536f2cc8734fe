// What the benches share: medians, times, and how a ratio is printed.

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

export function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

export async function millisecondsOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** A ratio, and the bar that it is held to: what it may be at most. */
export function print(what: string, ratio: number, detail: string, bar?: number | string): void {
  const goal = bar === undefined ? '' : typeof bar === 'number' ? `  (at most ${bar})` : `  (${bar})`;
  process.stdout.write(`  ${what.padEnd(44)} ${ratio.toFixed(2).padStart(8)}${goal.padEnd(16)}  ${detail}\n`);
}
