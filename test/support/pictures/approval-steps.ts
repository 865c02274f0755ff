/* The steps from a refusal to an approval, of which the documentation has pictures. */

/** In their order. */
export const STEPS = [
  'sign-in',
  'refusal',
  'ask',
  'open-request',
  'queue',
  'approve',
  'approved',
] as const;
export type Step = (typeof STEPS)[number];

/** The name of a picture's file. */
export const pictureOf = (step: Step): string => `approvals-${step}.png`;
