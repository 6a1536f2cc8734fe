// Money is integer cents, read from the text that a person typed and never through a float:
// 1.005 * 100 is 100.49999…, and a shop that is a cent short once is short for ever.

/** An amount in cents; a safe integer. */
export type Cents = number;

const WRITTEN = /^(\d{1,14})(?:\.(\d{1,2}))?$/;

/** Reads `20`, `19.9` or `19.90`, at least one cent; anything else is undefined. */
export function parseMoney(text: string): Cents | undefined {
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const cents = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return cents >= 1 && Number.isSafeInteger(cents) ? cents : undefined;
}

/** `8489` → `$84.89`. */
export function formatMoney(cents: Sum): string {
  const digits = String(cents < 0 ? -cents : cents).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}$${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A sum of many amounts, kept exactly: a bigint once it leaves the safe integers. */
export type Sum = Cents | bigint;

/** The sum and one amount more, exactly. */
export function addExactly(sum: Sum, amount: Sum): Sum {
  if (typeof sum === 'number' && typeof amount === 'number') {
    const total = sum + amount;
    if (Number.isSafeInteger(total)) return total;
  }
  const total = BigInt(sum) + BigInt(amount);
  return Number.isSafeInteger(Number(total)) ? Number(total) : total;
}

/** The sum, or undefined when it leaves the integers that are kept exactly. */
export function addMoney(a: Cents, b: Cents): Cents | undefined {
  const sum = a + b;
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** `quantity` times `price`, or undefined when it leaves the integers that are kept exactly. */
export function multiplyMoney(price: Cents, quantity: number): Cents | undefined {
  const product = price * quantity;
  return Number.isSafeInteger(product) ? product : undefined;
}

/** `total / count` rounded to the cent, halves up; 0 when there is nothing to divide by. */
export function averageMoney(total: Sum, count: number): Sum {
  if (count === 0) return 0;
  if (typeof total === 'bigint') return addExactly((2n * total + BigInt(count)) / (2n * BigInt(count)), 0);
  const rest = total % count;
  return (total - rest) / count + (rest * 2 >= count ? 1 : 0);
}
