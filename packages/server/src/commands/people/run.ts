import { createHash, randomBytes } from 'node:crypto';
import { remark, UsageError, write, type Call } from '@tarwarden/host/command-line';
import { parsePeople, PeopleFileError } from '../../people/people-file.ts';
import type { PEOPLE_OPTIONS } from './definition.ts';

/** `tarwarden-server people add NAME`. */
export async function peopleCommand({
  operands,
  values,
}: Call<typeof PEOPLE_OPTIONS>): Promise<number> {
  const [, name = ''] = operands;
  const token = `tw_${randomBytes(32).toString('base64url')}`;
  const entry = {
    name,
    role: values.role,
    sha256: createHash('sha256').update(token).digest('hex'),
    ...(values.private !== undefined && { private: values.private }),
  };
  // JSON is YAML, so that every name is written correctly.
  const line = `- ${JSON.stringify(entry)}\n`;
  refuseInvalid(line);
  if (values.reporter === 'json') {
    await write(`${JSON.stringify({ token, entry }, null, 2)}\n`);
    return 0;
  }
  remark('give this token to the person. It is shown only once:');
  await write(`${token}\n`);
  remark('add this entry to the file of people:');
  await write(line);
  return 0;
}

function refuseInvalid(line: string): void {
  try {
    parsePeople(line);
  } catch (error) {
    if (!(error instanceof PeopleFileError)) throw error;
    throw new UsageError(error.message.replace(/^entry 1: /, ''), 'people');
  }
}
