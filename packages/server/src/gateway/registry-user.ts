/* Asks the registry about its users, with their own credentials. */
import type { IncomingHttpHeaders } from 'node:http';
import { ecosystemOf } from '@tarwarden/core';
import { pypiNameKey } from '@tarwarden/core/metadata';
import { parseIdentity } from '@tarwarden/core/policy';
import { dropBody } from '@tarwarden/host';
import { escapePath } from '@tarwarden/host/go';
import { jsonValue } from './json.ts';
import { requestPath } from './paths.ts';
import { within } from './time-limit.ts';
import { bodyOf, encodingOf } from './upstream-answer.ts';
import type { GatewayUpstream } from './upstream.ts';
import type { ArchiveIdentity } from './wanted.ts';

/** For a question about a user: milliseconds, and bytes of the answer. */
const QUESTION_LIMIT = 10_000;
const WHOAMI_BYTES_MAX = 64 * 1024;

/**
 * The name of a client as the registry knows it; undefined if the registry does not know it. Asked before much is kept for a client:
 * anybody can send something. An unknown client may still do what the registry allows.
 */
export async function registryUser(
  { authorization, 'user-agent': agent }: IncomingHttpHeaders,
  upstream: GatewayUpstream,
): Promise<string | undefined> {
  if (authorization === undefined) return undefined;
  const headers = { authorization, ...(agent !== undefined && { 'user-agent': agent }) };
  try {
    return await within(QUESTION_LIMIT, async (signal) => {
      const answer = await upstream.document('/-/whoami', headers, signal);
      const { statusCode, body } = answer;
      const encoding = encodingOf(answer);
      const said = jsonValue(await bodyOf(body, { bytesMax: WHOAMI_BYTES_MAX, encoding }));
      if (statusCode !== 200 || typeof said !== 'object' || said === null) return undefined;
      const { username } = said as { readonly username?: unknown };
      const isKnown = typeof username === 'string' && username !== '' && username !== 'anonymous';
      return isKnown ? username : undefined;
    });
  } catch {
    return undefined;
  }
}

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
