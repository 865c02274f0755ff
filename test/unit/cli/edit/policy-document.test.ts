import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PolicyDocument } from '../../../../packages/cli/src/commands/allow/policy-document.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

const exception = (name: string) =>
  ({
    package: `${name}@1.0.0`,
    rule: 'symlink',
    sha512: 'a'.repeat(128),
    reason: 'looked at',
    expires: '2099-01-01',
  }) as const;

describe('PolicyDocument', () => {
  let root = '';
  freshFolder((folder) => (root = folder));

  const documentOf = (text: string): PolicyDocument =>
    new PolicyDocument({ path: putFile(join(root, 'tarwarden.json'), text), under: [] });

  it('keeps the order mark, the indentation, the line ends and every other key', () => {
    const fields = { exceptions: [exception('a')], rules: { symlink: 'error' } };
    const styled = (value: object): string =>
      `\uFEFF${JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n')}\r\n`;
    const added = documentOf(styled(fields)).withAdded([exception('b')]);
    expect(added).toBe(styled({ ...fields, exceptions: [exception('a'), exception('b')] }));
  });

  it('takes out what is named, and gives the file its old text back', () => {
    const text = `${JSON.stringify({ exceptions: [exception('a')] }, null, 2)}\n`;
    const document = documentOf(text);
    document.write(document.withAdded([exception('b')]));
    const again = new PolicyDocument({ path: document.path, under: [] });
    again.write(again.without(({ package: name }) => name === 'b@1.0.0'));
    expect(readFileSync(document.path, 'utf8')).toBe(text);
  });

  it('makes the lists of a file that has none', () => {
    expect(documentOf('{}').withAdded([exception('a')])).toBe(
      `${JSON.stringify({ exceptions: [exception('a')] }, null, 2)}\n`,
    );
  });
});
