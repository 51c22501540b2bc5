// Original file: proto/wallet/v1/wallet.proto


export interface Payment {
  'paymentId'?: (string);
  /**
   * The reference of the account that pays. Either this or payer_account_id; neither or both is ill-formed.
   */
  'payerReference'?: (string);
  /**
   * The reference of a merchant's account.
   */
  'payeeReference'?: (string);
  /**
   * More than 0.
   */
  'amount'?: (string);
  /**
   * ISO 4217; USD, also where it is empty.
   */
  'currency'?: (string);
  /**
   * Who asked for it; whoever calls, where it is empty.
   */
  'actor'?: (string);
  /**
   * The id of the account that pays, which it has with or without a reference. It is never looked for among the references, nor
   * a reference among the ids: anybody may choose a reference that reads like another's id.
   */
  'payerAccountId'?: (string);
}

export interface Payment__Output {
  'paymentId': (string);
  /**
   * The reference of the account that pays. Either this or payer_account_id; neither or both is ill-formed.
   */
  'payerReference': (string);
  /**
   * The reference of a merchant's account.
   */
  'payeeReference': (string);
  /**
   * More than 0.
   */
  'amount': (string);
  /**
   * ISO 4217; USD, also where it is empty.
   */
  'currency': (string);
  /**
   * Who asked for it; whoever calls, where it is empty.
   */
  'actor': (string);
  /**
   * The id of the account that pays, which it has with or without a reference. It is never looked for among the references, nor
   * a reference among the ids: anybody may choose a reference that reads like another's id.
   */
  'payerAccountId': (string);
}
