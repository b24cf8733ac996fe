import { escapePart } from '../address.ts';
import { isStatus, type Job } from './tools.ts';

/** Sets variables below an address of the API, whether they are there or not. */
export async function putVariables(job: Job, path: string, variables: Record<string, string>): Promise<void> {
  const { client, target, call, name } = job;
  const how = { ...call, what: `set variables of ${name}` };
  for (const [variable, value] of Object.entries(variables)) {
    const body = { name: variable, value: String(value) };
    try {
      await client.call(target, path, { ...how, method: 'POST', body });
    } catch (error) {
      if (!isStatus(error, 409, 422)) throw error;
      await client.call(target, `${path}/${escapePart(variable)}`, { ...how, method: 'PATCH', body });
    }
  }
}
