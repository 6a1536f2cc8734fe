import { OrderlabError } from '../errors.ts';
export async function initPostgresStore(): Promise<never> {
  throw new OrderlabError('IO', 'not yet');
}
