/* The part of a user's own policy file that names others whose signatures count. */
import * as v from 'valibot';
import { closed, day, matching, describedText } from './schema-parts.ts';

/** A store of signed verdicts, and the keys that may sign them. */
export interface VerdictsOfOthers {
  readonly url?: string;
  readonly keys: readonly {
    readonly key: string;
    readonly name?: string;
    readonly notAfter?: string;
    readonly use?: readonly ('verdicts' | 'approvals')[];
  }[];
}

/** A server whose approvers may let rejected archives pass. */
export interface ApprovalsOfOthers {
  readonly from: string;
}

/** Addresses that a guard asks without credentials. */
const ASKED = /^(?:https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$))[^\s@]*$/;
const ASKED_FORM = 'an https address without a user name, or http of this machine';

export const approvalsSchema: v.GenericSchema<unknown, ApprovalsOfOthers> = closed({
  from: matching(
    ASKED,
    ASKED_FORM,
    'Signed list of approvals: the address of a gateway with /-/tarwarden/approvals.signed behind it.',
  ),
});

const KEY_USES = ['verdicts', 'approvals'] as const;

export const verdictsSchema: v.GenericSchema<unknown, VerdictsOfOthers> = closed({
  url: v.exactOptional(
    matching(
      ASKED,
      ASKED_FORM,
      'Store of signed verdicts, as `tarwarden-server verdicts serve` is one.',
    ),
  ),
  keys: v.pipe(
    v.array(
      closed({
        key: matching(
          /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/,
          'an Ed25519 public key as `tarwarden keys generate` prints it',
          'Public key: SubjectPublicKeyInfo, DER, base64.',
        ),
        name: v.exactOptional(describedText('Whose key it is, for people.')),
        notAfter: v.exactOptional(
          v.pipe(day, v.description('Last day on which its signatures count, UTC.')),
        ),
        use: v.exactOptional(
          v.pipe(
            v.array(
              v.picklist(KEY_USES, 'must be "verdicts" or "approvals"'),
              'must be a list of "verdicts" and "approvals"',
            ),
            v.minLength(1, 'must name something'),
            v.description(
              'What the key may sign: verdicts if left out. With "approvals", what it signs lets rejected archives pass.',
            ),
          ),
        ),
      }),
      'must be a list',
    ),
    v.description('Who may sign. A verdict that none of them signed is not used.'),
  ),
});
