/* `tarwarden-server people add`: the entry that it prints gives a role to the token that it prints. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { peopleCommand } from '../../../../packages/server/src/commands/people/run.ts';
import { KnownPeople } from '../../../../packages/server/src/people/people.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((fresh) => (folder = fresh));

async function added(name: string, more: { readonly private?: string[] } = {}): Promise<string[]> {
  let printed = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text, ...rest) => {
    printed += String(text);
    for (const callback of rest) if (typeof callback === 'function') callback();
    return true;
  });
  const call = {
    operands: ['add', name],
    values: { role: 'approver', reporter: 'text', ...more },
    mainUrl: '',
  };
  expect(await peopleCommand(call as Parameters<typeof peopleCommand>[0])).toBe(0);
  return printed.split('\n');
}

it.each(['ada', 'Zoë "the #1": x', 'null', '{a: b}'])('%s', async (name) => {
  const [token = '', entry = ''] = await added(name, { private: ['@acme/*'] });
  expect(token).toMatch(/^tw_[\w-]{43}$/);
  expect(entry).not.toContain(token);
  const tokens = join(folder, 'people.yaml');
  writeFileSync(tokens, `${entry}\n`);
  const people = new KnownPeople({ tokens, isSecure: true, onWarning: () => {} });
  expect(people.personWith(token)).toEqual({ name, role: 'approver', private: ['@acme/*'] });
});

it('refuses a name that only users of the registry have, and invalid patterns', async () => {
  await expect(added('registry:ada')).rejects.toThrow('"name" must have 1 to 200 characters');
  await expect(added('ada', { private: ['a*b'] })).rejects.toThrow('"private" must be a list');
});
