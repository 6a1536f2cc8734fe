// Questions to a person at a terminal, by inquirer. Loaded when the first one is asked; each has a twin on
// the command line.
import type { Catalog } from '../catalog.ts';
import { Refusal } from '../errors.ts';
import { checkId } from '../ids.ts';
import { formatMoney } from '../money.ts';
import { totalOf } from '../order-lines.ts';
import { MAX_QUANTITY } from '../order.ts';
import { parseCount } from './commands/arguments.ts';
import type { Asking } from './input/questions.ts';
import type { Ask } from './session.ts';

/** Runs questions while nobody else gets the keys. */
export type WhileAsking = <T>(questions: (asking: Asking) => Promise<T>) => Promise<T>;

/** Asks a person. Ctrl-C and Ctrl-D are "never mind", and end only the question. */
export function createAsk(whileAsking: WhileAsking): Ask {
  async function ask<T>(questions: (prompt: Prompt) => Promise<T>): Promise<T | undefined> {
    const { default: inquirer } = await import('inquirer');
    return whileAsking(async (asking) => {
      try {
        return await questions(inquirer.createPromptModule(asking));
      } catch (error) {
        if (error instanceof Error && CANCELLED.has(error.name)) return undefined;
        throw error;
      }
    });
  }

  return {
    order: (products) =>
      ask(async (prompt) => {
        const { customer, skus } = await prompt<{ customer: string; skus: string[] }>([
          { type: 'input', name: 'customer', message: 'Customer', default: 'alice', validate: isCustomer },
          {
            type: 'checkbox',
            name: 'skus',
            message: 'Products',
            choices: productChoices(products),
            pageSize: products.size,
            loop: false,
            validate: (chosen: readonly unknown[]) =>
              chosen.length > 0 || 'choose at least one with the space bar',
          },
        ]);
        const items = [];
        for (const sku of skus) {
          const { quantity } = await prompt<{ quantity: string }>([
            {
              type: 'input',
              name: 'quantity',
              message: `How many ${sku}`,
              default: '1',
              validate: isQuantity,
            },
          ]);
          items.push({ sku, quantity: Number(quantity), unitPrice: products.get(sku)!.price });
        }
        const { place } = await prompt<{ place: boolean }>([
          { type: 'confirm', name: 'place', message: `Place this order for ${formatMoney(totalOf(items))}` },
        ]);
        return place ? { customer, items } : undefined;
      }),
    choose: (orders) =>
      ask(async (prompt) => {
        const { orderId } = await prompt<{ orderId: string }>([
          {
            type: 'select',
            name: 'orderId',
            message: 'Which order',
            loop: false,
            choices: orders.map((order) => ({
              name: `${order.orderId}  ${order.status}  ${formatMoney(order.totalAmount)}`,
              value: order.orderId,
              short: order.orderId,
            })),
          },
        ]);
        return orderId;
      }),
    confirm: (question) =>
      ask(async (prompt) => {
        const { yes } = await prompt<{ yes: boolean }>([
          { type: 'confirm', name: 'yes', message: question, default: false },
        ]);
        return yes;
      }),
  };
}

type Prompt = ReturnType<(typeof import('inquirer'))['default']['createPromptModule']>;

const CANCELLED: ReadonlySet<string> = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError']);

function productChoices(products: Catalog) {
  return [...products.values()].map(({ sku, price }) => ({
    name: `${sku.padEnd(10)} ${formatMoney(price)}`,
    value: sku,
    short: sku,
  }));
}

function isCustomer(text: string): true | string {
  const problem = checkId('customer', text);
  return problem instanceof Refusal ? problem.message : true;
}

function isQuantity(text: string): true | string {
  const count = parseCount(text);
  return (
    (count !== undefined && count >= 1 && count <= MAX_QUANTITY) || `a whole number from 1 to ${MAX_QUANTITY}`
  );
}
