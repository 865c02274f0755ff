/* Asks the registry whether somebody may read a package. */
import { ecosystemOf } from '@tarwarden/core';
import { pypiNameKey } from '@tarwarden/core/metadata';
import { parseIdentity } from '@tarwarden/core/policy';
import { dropBody } from '@tarwarden/host';
import { escapePath } from '@tarwarden/host/go';
import { requestPath } from './paths.ts';
import { within } from './time-limit.ts';
import type { GatewayUpstream } from './upstream.ts';
import type { ArchiveIdentity } from './wanted.ts';

/** Milliseconds for an answer. */
const QUESTION_LIMIT = 10_000;

/**
 * Whether the registry shows the document of a package to these credentials, or to everybody if there are none. False if it does not
 * answer.
 * @param label `name@version`, for a gem whose file name cannot be split.
 */
export async function showsDocument(
  upstream: GatewayUpstream,
  archive: { readonly identity: ArchiveIdentity; readonly label: string },
  authorization: string | undefined,
): Promise<boolean> {
  const path = documentPath(archive);
  if (path === undefined) return false;
  const headers = { accept: '*/*', ...(authorization !== undefined && { authorization }) };
  try {
    return await within(QUESTION_LIMIT, async (signal) => {
      const { statusCode, body } = await upstream.document(path, headers, signal);
      dropBody(body);
      return statusCode === 200;
    });
  } catch {
    return false;
  }
}

function documentPath({
  identity: { format, name: asked },
  label,
}: {
  readonly identity: ArchiveIdentity;
  readonly label: string;
}): string | undefined {
  const ecosystem = ecosystemOf[format];
  const name = asked ?? parseIdentity(label, ecosystem)?.name;
  if (name === undefined || name === '.' || name === '..') return undefined;
  switch (ecosystem) {
    case 'npm':
      return requestPath(name);
    case 'pypi':
      return `/${encodeURIComponent(pypiNameKey(name))}/`;
    case 'rubygems':
      return `/info/${encodeURIComponent(name)}`;
    case 'go':
      return `/${escapePath(name)}/@v/list`;
  }
}
