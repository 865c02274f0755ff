/* The policy file of a user may name a server of approvals. The file of a repository may not. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '@tarwarden/host';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { signer } from '../../../support/signed-verdicts.ts';

const own = signer();
let env: Record<string, string>;
freshFolder((fresh) => {
  env = {
    HOME: fresh,
    XDG_STATE_HOME: join(fresh, 'state'),
    XDG_CACHE_HOME: join(fresh, 'cache'),
    XDG_CONFIG_HOME: join(fresh, 'config'),
  };
});

describe('the policy file', () => {
  const write = (policy: object, project?: object): string => {
    const cwd = join(env['HOME']!, 'project');
    mkdirSync(join(env['XDG_CONFIG_HOME']!, 'tarwarden'), { recursive: true });
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(env['XDG_CONFIG_HOME']!, 'tarwarden/policy.json'), JSON.stringify(policy), {
      mode: 0o600,
    });
    if (project) writeFileSync(join(cwd, 'tarwarden.json'), JSON.stringify(project));
    return cwd;
  };

  it('of the user names the server, and warns if no key may sign approvals', () => {
    const approvals = { from: 'https://npm.example.com/-/tarwarden/approvals.signed' };
    const cwd = write({ approvals, verdicts: { keys: [{ key: own.text, use: ['approvals'] }] } });
    const loaded = loadPolicy({ cwd, env });
    expect(loaded.verdicts?.approvalsFrom).toBe(approvals.from);
    expect(loaded.warnings).toEqual([]);
    write({ approvals, verdicts: { keys: [{ key: own.text }] } });
    expect(loadPolicy({ cwd, env }).warnings.join()).toMatch(
      /no key in "verdicts" has the use "approvals"/,
    );
  });

  it('of a repository may not', () => {
    const project = { approvals: { from: 'https://evil.example/' } };
    expect(() => loadPolicy({ cwd: write({}, project), env })).toThrow(
      /approvals may not be in a repository's file/,
    );
  });

  it.each([
    [{ approvals: { from: 'http://npm.example.com/' } }],
    [{ approvals: { from: 'https://user@npm.example.com/' } }],
    [{ approvals: {} }],
    [{ verdicts: { keys: [{ key: own.text, use: [] }] } }],
    [{ verdicts: { keys: [{ key: own.text, use: ['all'] }] } }],
  ])('is invalid: %j', (policy) => {
    expect(() => loadPolicy({ cwd: write(policy), env })).toThrow(/policy\.json:/);
  });
});
