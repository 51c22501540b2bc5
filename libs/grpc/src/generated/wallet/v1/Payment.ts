// Original file: proto/wallet/v1/wallet.proto


export interface Payment {
  'paymentId'?: (string);
  /**
   * The reference of the account that pays. Exactly one of this and payer_account_id must be set.
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
   * ISO 4217; must be USD or empty, which means USD.
   */
  'currency'?: (string);
  /**
   * The actor who requested it; if empty, the actor of the call.
   */
  'actor'?: (string);
  /**
   * The id of the account that pays. Ids and references are looked up separately: a customer can choose a reference that
   * equals the id of another account.
   */
  'payerAccountId'?: (string);
}

export interface Payment__Output {
  'paymentId': (string);
  /**
   * The reference of the account that pays. Exactly one of this and payer_account_id must be set.
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
   * ISO 4217; must be USD or empty, which means USD.
   */
  'currency': (string);
  /**
   * The actor who requested it; if empty, the actor of the call.
   */
  'actor': (string);
  /**
   * The id of the account that pays. Ids and references are looked up separately: a customer can choose a reference that
   * equals the id of another account.
   */
  'payerAccountId': (string);
}
