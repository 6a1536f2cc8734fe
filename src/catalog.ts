// The small built-in catalogue: what can be ordered without naming a price, and how many the warehouse holds
// at the start.
import type { Cents } from './money.ts';

/** A product: its price in cents and the stock that the warehouse begins with. */
export interface Product {
  readonly sku: string;
  readonly price: Cents;
  readonly stock: number;
}

export type Catalog = ReadonlyMap<string, Product>;

const products: readonly Product[] = [
  { sku: 'keyboard', price: 4999, stock: 50 },
  { sku: 'mouse', price: 1990, stock: 80 },
  { sku: 'cable', price: 750, stock: 500 },
  { sku: 'monitor', price: 18900, stock: 20 },
  { sku: 'laptop', price: 89900, stock: 3 },
  { sku: 'headset', price: 5990, stock: 40 },
  { sku: 'webcam', price: 3995, stock: 25 },
  { sku: 'dock', price: 12900, stock: 10 },
  { sku: 'lamp', price: 2450, stock: 30 },
  { sku: 'stand', price: 3400, stock: 1 },
];

/** The products by SKU, in the order in which they are listed. */
export const catalog: Catalog = new Map(products.map((product) => [product.sku, Object.freeze(product)]));
