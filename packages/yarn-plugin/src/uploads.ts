/* Inspects the tarball that `yarn npm publish` is about to upload. */
import type { Hooks } from '@yarnpkg/core';
import type { Guards } from './guards.ts';
import type { YarnSubject } from './subject.ts';

type Wrap = NonNullable<Hooks['wrapNetworkRequest']>;
type Executor = Parameters<Wrap>[0];
type Request = Parameters<Wrap>[1];
type Fields = Readonly<Record<string, unknown>>;

/** The content type of the provenance, which Yarn attaches beside the tarball. */
const PROVENANCE = /^application\/vnd\.dev\.sigstore\./;

/**
 * Yarn sends a document that contains the tarball in base64. The strings in it cannot change any more, so Yarn uploads what was
 * inspected.
 */
export function guardUpload(executor: Executor, request: Request, guards: Guards): Executor {
  const document = publicationIn(request);
  if (document === undefined) return executor;
  return async () => {
    const guard = await guards.for(request.configuration);
    for (const bytes of archivesIn(document))
      // oxlint-disable-next-line no-await-in-loop -- there is one
      await guard.tarball(bytes, subjectOf(document));
    return executor();
  };
}

function publicationIn({ method, body }: Request): Fields | undefined {
  if (String(method) !== 'PUT' && String(method) !== 'POST') return undefined;
  const document = fieldsIn(body);
  return typeof document['_attachments'] === 'object' ? document : undefined;
}

function archivesIn(document: Fields): Buffer[] {
  return Object.values(fieldsIn(document['_attachments']))
    .map(fieldsIn)
    .filter(({ content_type: type }) => !PROVENANCE.test(String(type)))
    .map(({ data }) => Buffer.from(String(data), 'base64'));
}

function subjectOf(document: Fields): YarnSubject {
  const name = String(document['name']);
  const [version = ''] = Object.keys(fieldsIn(document['versions']));
  const expected = { name, version };
  return { label: `${name}@${version}`, expected, hasTarball: true, isUpload: true };
}

function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
