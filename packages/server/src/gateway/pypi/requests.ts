/* Parses the requests for an index of Python packages. Any other path is answered with 404. */
import { pypiNameKey } from '@tarwarden/core/metadata';
import { isDistributionName, isProject } from './file-names.ts';

export type PypiRequest =
  | { readonly kind: 'page'; readonly project: string }
  | { readonly kind: 'file' | 'metadata'; readonly project: string; readonly fileName: string }
  /** The list of all projects. */
  | { readonly kind: 'projects' }
  | { readonly kind: 'nothing' };

const NOTHING: PypiRequest = { kind: 'nothing' };
const METADATA = '.metadata';

/** @param target The target of an HTTP request, with its query. */
export function pypiAskedBy(target: string): PypiRequest {
  const path = target.split('?', 1)[0]!;
  // No path that is served contains such a character, encoded or not.
  if (/%(?:2f|5c|00|25)|[\\#]/i.test(path)) return NOTHING;
  let segments: string[];
  try {
    segments = path.split('/').map(decodeURIComponent);
  } catch {
    return NOTHING;
  }
  const [before, first, name = '', ...rest] = segments;
  if (before !== '') return NOTHING;
  const project = pypiNameKey(name);
  if (first === 'simple') {
    if (name === '' && rest.length === 0) return { kind: 'projects' };
    return isProject(project) && rest.join('/') === '' && rest.length < 2
      ? { kind: 'page', project }
      : NOTHING;
  }
  const [file = ''] = rest;
  if (first !== 'files' || rest.length !== 1 || name !== project || !isProject(project))
    return NOTHING;
  const isMetadata = file.endsWith(METADATA);
  const fileName = isMetadata ? file.slice(0, -METADATA.length) : file;
  if (!isDistributionName(fileName)) return NOTHING;
  return { kind: isMetadata ? 'metadata' : 'file', project, fileName };
}
