import type { CartJob } from '@souk/contracts';

/** A job that changes one line of a cart. */
export type CartChangeJob = Extract<CartJob, { type: 'add-to-cart' | 'set-cart-item' | 'remove-cart-item' }>;
export type CheckOutJob = Extract<CartJob, { type: 'check-out' }>;
export type CancelOrderJob = Extract<CartJob, { type: 'cancel-order' }>;
/** A job that creates or cancels an order. */
type OrderJob = CheckOutJob | CancelOrderJob;

export const isCheckOut = (job: CartJob): job is CheckOutJob => job.type === 'check-out';
export const isCancellation = (job: CartJob): job is CancelOrderJob => job.type === 'cancel-order';
export const isOrderJob = (job: CartJob): job is OrderJob => isCheckOut(job) || isCancellation(job);
export const isCartChange = (job: CartJob): job is CartChangeJob => !isOrderJob(job);

/** The order that a job creates or cancels. */
export const orderIDOf = (job: OrderJob): string => (isCheckOut(job) ? job.id : job.data.orderID);

/** The clients whose carts these jobs use, each listed once. */
export const clientsOf = (jobs: readonly (CartChangeJob | CheckOutJob)[]): string[] => [
  ...new Set(jobs.map(({ data }) => data.clientID)),
];
