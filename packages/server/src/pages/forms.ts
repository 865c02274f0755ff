/* Reads forms that a page of this server has sent, and refuses all others. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isSameToken, readAtMost } from '@tarwarden/host';
import { isOwnPage } from '../browser/own-page.ts';
import { cookieIn, setCookie } from '../people/cookies.ts';
import { REASON_CHARS_MAX } from '../approvals/service.ts';
import type { FormProblem } from './layout.ts';

/** The most bytes of a form: a reason of many bytes for each character, and a few short fields. */
const FORM_BYTES_MAX = 32 * 1024;
/** Milliseconds for a form to arrive. */
const FORM_TIME = 30_000;
/** Seconds for which a browser keeps the value for forms. */
const FORM_COOKIE_AGE = 12 * 60 * 60;
const FORM_VALUE = /^[\w-]{22}$/;

/** The form is not read. The message is for people. */
export class FormError extends Error {
  override readonly name = 'FormError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface FormValue {
  readonly value: string;
  /** The cookie that the answer has to set. Absent: the browser has it. */
  readonly cookie?: string;
}

/** How to tell the forms of this server's own pages. */
export interface FormCheck {
  /** Whether browsers use https. */
  readonly isSecure: boolean;
  /** The origin that browsers know the server by. */
  readonly origin: string;
}

/** The value that forms have to send back: the browser's own, or a new one. It needs no memory, so it holds on each instance. */
export function formValueFor(request: IncomingMessage, isSecure: boolean): FormValue {
  const own = cookieIn(request, 'form', isSecure);
  if (own !== undefined && FORM_VALUE.test(own)) return { value: own };
  const value = randomBytes(16).toString('base64url');
  return { value, cookie: setCookie('form', value, { isSecure, maxAge: FORM_COOKIE_AGE }) };
}

/**
 * The fields of a form.
 * @throws FormError for a form that may come from another site, and for one that cannot be read.
 */
export async function readForm(
  request: IncomingMessage,
  { isSecure, origin }: FormCheck,
): Promise<URLSearchParams> {
  if (!isOwnPage(request.headers, origin))
    throw new FormError(403, 'Another site sent this form, so nothing was changed.');
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded(?:;|$)/i.test(type))
    throw new FormError(415, 'Only forms of these pages are read.');
  const fields = new URLSearchParams((await bodyOf(request)).toString('utf8'));
  const wanted = cookieIn(request, 'form', isSecure);
  const given = fields.get('form');
  if (wanted === undefined || !FORM_VALUE.test(wanted) || !isSameToken(given ?? '', wanted))
    throw new FormError(
      403,
      'The form is too old, or its cookie is missing, so nothing was changed. Open the page again and send the form from there.',
    );
  return fields;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const late = new FormError(408, 'The form did not arrive in time.');
  const timer = setTimeout(() => request.destroy(late), FORM_TIME);
  try {
    return await readAtMost(request as AsyncIterable<Buffer>, {
      bytesMax: FORM_BYTES_MAX,
      tooLong: () => new FormError(413, `A form has at most ${FORM_BYTES_MAX} bytes.`),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** A reason, or the problem with it. `id`: the id of its field. */
export function reasonIn(
  fields: URLSearchParams,
  id: string,
): { readonly reason: string; readonly problems: readonly FormProblem[] } {
  const reason = (fields.get('reason') ?? '').replaceAll('\r\n', '\n').trim();
  if (reason === '') return { reason, problems: [{ field: id, message: 'Write a reason.' }] };
  if (reason.length > REASON_CHARS_MAX)
    return {
      reason,
      problems: [
        { field: id, message: `Shorten the reason to ${REASON_CHARS_MAX} characters or fewer.` },
      ],
    };
  return { reason, problems: [] };
}
