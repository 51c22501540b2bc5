const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns whether the text has the form of our ids. No row has any other id, so the database isn't queried for one */
export const isId = (text: string): boolean => ID.test(text);
