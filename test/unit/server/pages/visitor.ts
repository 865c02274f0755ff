/* A client that does with cookies and forms as a browser does, and nothing else. */
import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { parse, defaultTreeAdapter as tree, type DefaultTreeAdapterTypes } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;

export interface Page {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly html: string;
  /** Faults of the HTML. */
  readonly faults: readonly string[];
  readonly elements: readonly Element[];
  /** The words that a reader sees. */
  readonly text: string;
}

export type Headers = Readonly<Record<string, string>>;
export type Fields = Readonly<Record<string, string>>;

export class Visitor {
  readonly #url: string;
  readonly cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async get(path: string, headers: Headers = {}): Promise<Page> {
    return this.send('GET', path, { headers });
  }

  /** Sends the form of a page: its hidden fields, and the given ones. Undefined values remove headers. */
  async post(page: Page, path: string, fields: Fields, headers: Headers = {}): Promise<Page> {
    const hidden = formWith(page, path).map((input) => [
      attribute(input, 'name')!,
      attribute(input, 'value') ?? '',
    ]);
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString();
    return this.send('POST', path, { headers: { origin: this.#url, ...headers }, body });
  }

  async send(
    method: string,
    path: string,
    { headers = {}, body }: { readonly headers?: Headers; readonly body?: string } = {},
  ): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const { hostname, port } = new URL(this.#url);
    const sent = request({
      hostname,
      port,
      path,
      method,
      agent: false,
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(body !== undefined && type),
        ...headers,
      },
    });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return pageIn(answer);
  }

  async signIn(token: string, next = ''): Promise<Page> {
    const page = await this.get(`/-/tarwarden/sign-in?next=${next}`);
    return this.post(page, '/-/tarwarden/sign-in', { token });
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (/max-age=0\b/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

async function pageIn(answer: IncomingMessage): Promise<Page> {
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  const html = Buffer.concat(parts).toString('utf8');
  const faults: string[] = [];
  const elements: Element[] = [];
  const texts: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if (tree.isElementNode(node)) elements.push(node);
    if (tree.isTextNode(node)) texts.push(node.value);
    for (const child of 'childNodes' in node ? node.childNodes : []) walk(child);
  };
  if (html !== '') walk(parse(html, { onParseError: ({ code }) => faults.push(code) }));
  const text = texts.join(' ').replaceAll(/\s+/g, ' ');
  return { status: answer.statusCode!, headers: answer.headers, html, faults, elements, text };
}

export function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((each) => each.name === name)?.value;
}

export function named({ elements }: Page, tagName: string): Element[] {
  return elements.filter((element) => element.tagName === tagName);
}

/** The hidden fields of the form that leads to an address. */
function formWith(page: Page, path: string): Element[] {
  const form = named(page, 'form').find((each) => attribute(each, 'action')?.endsWith(path));
  if (form === undefined) throw new Error(`no form leads to ${path}`);
  const inside = (node: DefaultTreeAdapterTypes.ChildNode): Element[] =>
    tree.isElementNode(node) ? [node, ...node.childNodes.flatMap(inside)] : [];
  return inside(form).filter((element) => attribute(element, 'type') === 'hidden');
}
