import { OrderlabError } from '../errors.ts';
export async function openPostgresStore(): Promise<never> {
  throw new OrderlabError('IO', 'not yet');
}
