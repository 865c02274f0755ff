/* Writes the page of a project from the parsed files alone, with addresses of the gateway. */
import type { Hashes, ProjectFile, ProjectPage } from './project-page.ts';
import { escapedHtml } from '@tarwarden/core/text';

export const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const HTML_TYPE = 'application/vnd.pypi.simple.v1+html';

/** The media type of the answer: the one of PEP 691 that the client prefers, or HTML. */
export function answeredType(accept = ''): string {
  const asks = (type: string): boolean =>
    accept.split(',').some((range) => range.split(';', 1)[0]!.trim().toLowerCase() === type);
  if (asks(JSON_TYPE) || asks('application/vnd.pypi.simple.latest+json')) return JSON_TYPE;
  if (asks(HTML_TYPE)) return HTML_TYPE;
  return 'text/html; charset=utf-8';
}

/** The address of a file at the gateway. */
export function fileAddress(publicUrl: string, project: string, fileName: string): string {
  return `${publicUrl}/files/${project}/${encodeURIComponent(fileName)}`;
}

export function writtenPage(page: ProjectPage, publicUrl: string, type: string): Buffer {
  return Buffer.from(type === JSON_TYPE ? asJson(page, publicUrl) : asHtml(page, publicUrl));
}

function asJson({ project, files }: ProjectPage, publicUrl: string): string {
  return JSON.stringify({
    meta: { 'api-version': '1.0' },
    name: project,
    versions: [...new Set(files.map(({ version }) => version))],
    files: files.map((file) => ({
      filename: file.fileName,
      url: fileAddress(publicUrl, project, file.fileName),
      hashes: file.hashes,
      ...(file.requiresPython !== undefined && { 'requires-python': file.requiresPython }),
      ...(file.yanked !== undefined && { yanked: file.yanked }),
      // Only the new name: pip 22.3 to 23.0 crash on the old one in JSON (PEP 714).
      ...(file.metadata !== undefined && { 'core-metadata': file.metadata }),
      ...(file.size !== undefined && { size: file.size }),
      ...(file.uploadTime !== undefined && { 'upload-time': file.uploadTime }),
    })),
  });
}

function asHtml({ project, files }: ProjectPage, publicUrl: string): string {
  const anchors = files.map((file) => {
    const { fileName, hashes, requiresPython, yanked } = file;
    const hash = textOf(hashes);
    const address = fileAddress(publicUrl, project, fileName);
    const attributes = {
      href: hash === '' ? address : `${address}#${hash}`,
      ...(requiresPython !== undefined && { 'data-requires-python': requiresPython }),
      ...(yanked !== undefined && { 'data-yanked': yanked === true ? '' : yanked }),
      ...metadataAttributes(file),
    };
    const written = Object.entries(attributes).map(
      ([name, text]) => `${name}="${escapedHtml(text)}"`,
    );
    return `<a ${written.join(' ')}>${escapedHtml(fileName)}</a><br>\n`;
  });
  const head = `<meta name="pypi:repository-version" content="1.0"><title>${project}</title>`;
  return `<!DOCTYPE html>\n<html><head>${head}</head><body>\n${anchors.join('')}</body></html>\n`;
}

function metadataAttributes({ metadata }: ProjectFile): Record<string, string> {
  if (metadata === undefined) return {};
  const text = metadata === true ? 'true' : textOf(metadata);
  return { 'data-core-metadata': text, 'data-dist-info-metadata': text };
}

/** The strongest of the hashes that clients know, or any other one. */
function textOf(hashes: Hashes): string {
  const known = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'];
  const name =
    hashes['sha256'] === undefined ? known.find((algorithm) => hashes[algorithm]) : 'sha256';
  return name === undefined ? '' : `${name}=${hashes[name]}`;
}
