/** Lists of approved exceptions, signed by a server. Reads no disk and no network. */
export {
  APPROVALS_VALID_FOR,
  openApprovalList,
  sealApprovalList,
  type ApprovalList,
  type ApprovedException,
} from './approval-list.ts';
