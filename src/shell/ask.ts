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
import type { Style } from './output/style.ts';
import type { Ask } from './session.ts';

/** Runs questions while nobody else gets the keys. */
export type WhileAsking = <T>(questions: (asking: Asking) => Promise<T>) => Promise<T>;

/** Asks a person. Ctrl-C and Ctrl-D are "never mind", and end only the question. */
export function createAsk(whileAsking: WhileAsking, currentStyle: () => Promise<Style>): Ask {
  async function ask<T>(questions: (prompt: Prompt, theme: Theme) => Promise<T>): Promise<T | undefined> {
    const { default: inquirer } = await import('inquirer');
    const theme = themeOf(await currentStyle());
    return whileAsking(async (asking) => {
      try {
        return await questions(inquirer.createPromptModule(asking), theme);
      } catch (error) {
        if (error instanceof Error && CANCELLED.has(error.name)) return undefined;
        throw error;
      }
    });
  }

  return {
    order: (products) =>
      ask(async (prompt, theme) => {
        const { customer, skus } = await prompt<{ customer: string; skus: string[] }>([
          {
            type: 'input',
            theme,
            name: 'customer',
            message: 'Customer',
            default: 'alice',
            validate: isCustomer,
          },
          {
            type: 'checkbox',
            theme,
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
              theme,
              name: 'quantity',
              message: `How many ${sku}`,
              default: '1',
              validate: isQuantity,
            },
          ]);
          items.push({ sku, quantity: Number(quantity), unitPrice: products.get(sku)!.price });
        }
        const { place } = await prompt<{ place: boolean }>([
          {
            type: 'confirm',
            theme,
            name: 'place',
            message: `Place this order for ${formatMoney(totalOf(items))}`,
          },
        ]);
        return place ? { customer, items } : undefined;
      }),
    choose: (orders) =>
      ask(async (prompt, theme) => {
        const { orderId } = await prompt<{ orderId: string }>([
          {
            type: 'select',
            theme,
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
      ask(async (prompt, theme) => {
        const { yes } = await prompt<{ yes: boolean }>([
          { type: 'confirm', theme, name: 'yes', message: question, default: false },
        ]);
        return yes;
      }),
    text: (question, { hidden = false } = {}) =>
      ask(async (prompt, theme) => {
        const { text } = await prompt<{ text: string }>([
          { type: hidden ? 'password' : 'input', theme, name: 'text', message: question },
        ]);
        return text;
      }),
  };
}

type Theme = ReturnType<typeof themeOf>;

// Inquirer's own signs and colours know nothing of our settings.
function themeOf({ dim, bold, good, bad, accent, sign }: Style) {
  return {
    prefix: { idle: accent('?'), done: good(sign.check) },
    icon: { checked: good(sign.chosen), unchecked: sign.free, cursor: sign.pointer },
    style: {
      answer: accent,
      // It is handed more than the text.
      message: (text: string) => bold(text),
      error: (text: string) => bad(`${sign.cross} ${text}`),
      defaultAnswer: (text: string) => dim(`(${text})`),
      help: dim,
      highlight: accent,
      key: bold,
      disabled: dim,
      description: dim,
      keysHelpTip: (keys: readonly (readonly [string, string])[]) =>
        dim(keys.map(([key, action]) => `${KEY_NAMES.get(key) ?? key} ${action}`).join(', ')),
    },
  };
}

const KEY_NAMES: ReadonlyMap<string, string> = new Map([
  ['↑↓', 'up and down'],
  ['⏎', 'Enter'],
]);

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
