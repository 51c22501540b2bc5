import type {
  GrpcHandlers,
  InventoryServiceDefinition,
  Product as ProductMessage,
  ProductCondition as ConditionMessage,
  ProductPutResult,
  ReservationState as StateMessage,
  StockChangeResult,
} from '@souk/grpc';
import { formatAmount } from '@souk/money';
import { AppError } from '@souk/service';
import type {
  Product,
  ProductCondition,
  PutAnswer,
  ReservationState,
  ReserveAnswer,
  StockAnswer,
} from './lane/inventory-state';
import type { Lane } from './lane/lane';
import { versionOf } from './lane/product-version';
import { changeStock } from './products/change-stock';
import { checkItems } from './products/check-items';
import { listProducts } from './products/list-products';
import type { ProductStore } from './products/product-store';
import { putProducts } from './products/put-products';
import { commitReservations, rollBackReservations } from './reservations/end-reservations';
import { reserveItems } from './reservations/reserve-items';

const STATES: Record<ReservationState, StateMessage> = {
  reserved: 'RESERVATION_STATE_RESERVED',
  committed: 'RESERVATION_STATE_COMMITTED',
  rolled_back: 'RESERVATION_STATE_ROLLED_BACK',
  rejected: 'RESERVATION_STATE_REJECTED',
  expired: 'RESERVATION_STATE_EXPIRED',
  unknown: 'RESERVATION_STATE_UNKNOWN',
  items_mismatch: 'RESERVATION_STATE_ITEMS_MISMATCH',
};

const PUT_STATES = {
  stored: 'PRODUCT_PUT_STATE_STORED',
  stock_reserved: 'PRODUCT_PUT_STATE_STOCK_RESERVED',
  condition_failed: 'PRODUCT_PUT_STATE_CONDITION_FAILED',
} as const satisfies Record<PutAnswer['state'], ProductPutResult['state']>;

const STOCK_STATES = {
  changed: 'STOCK_CHANGE_STATE_CHANGED',
  unknown_product: 'STOCK_CHANGE_STATE_UNKNOWN_PRODUCT',
  stock_reserved: 'STOCK_CHANGE_STATE_STOCK_RESERVED',
  too_much: 'STOCK_CHANGE_STATE_TOO_MUCH',
  id_mismatch: 'STOCK_CHANGE_STATE_ID_MISMATCH',
  id_expired: 'STOCK_CHANGE_STATE_ID_EXPIRED',
} as const satisfies Record<StockAnswer['state'], StockChangeResult['state']>;

/** Maps the contract (proto/inventory/v1) to the use cases. */
export function inventoryHandlers({
  lane,
  products,
}: {
  lane: Lane;
  products: ProductStore;
}): GrpcHandlers<InventoryServiceDefinition> {
  const toResults = (reserveIds: readonly string[], answers: readonly { state: ReservationState }[]) =>
    answers.map(({ state }, index) => ({ reserveId: reserveIds[index]!, state: STATES[state] }));

  return {
    checkItems: async ({ productIds }) => {
      const checked = await checkItems(products, productIds);
      return { items: checked.map((product, index) => toAvailability(productIds[index]!, product)) };
    },
    reserveItems: async (request) => {
      const answers = await reserveItems(lane, request);
      return {
        results: answers.map((answer, index) => toReserveResult(request.reservations[index]!.reserveId, answer)),
      };
    },
    commitReservations: async (request) => ({
      results: toResults(request.reserveIds, await commitReservations(lane, request)),
    }),
    rollbackReservations: async (request) => ({
      results: toResults(request.reserveIds, await rollBackReservations(lane, request)),
    }),
    listProducts: async (request) => {
      const { products: page, next } = await listProducts(products, request);
      return { products: page.map(toProductMessage), next };
    },
    upsertProduct: async ({ actor, ...put }) => {
      const [answer] = await putProducts(lane, { puts: [put], actor });
      if (answer!.state === 'stored') return { product: toProductMessage(answer!.product) };
      throw stockReservedError(answer!);
    },
    putProducts: async ({ puts, actor }) => {
      const answers = await putProducts(lane, {
        puts: puts.map((put) => ({ ...put, condition: toCondition(put.condition) })),
        actor,
      });
      return { results: answers.map((answer, index) => toPutResult(puts[index]!.productId, answer)) };
    },
    changeStock: async (request) => {
      const answers = await changeStock(lane, request);
      return { results: answers.map((answer, index) => toStockResult(request.changes[index]!.changeId, answer)) };
    },
  };
}

const toCondition = (condition: ConditionMessage | null): ProductCondition | undefined =>
  condition ? (condition.anyVersion ? 'any version' : condition.versions) : undefined;

function stockReservedError(answer: PutAnswer): AppError {
  if (answer.state !== 'stock_reserved') throw new Error(`an unconditional put ended as ${answer.state}`);
  const { reserved } = answer;
  return new AppError('rejected', 'STOCK_RESERVED', `${reserved} are reserved; the stock cannot be set below that`, {
    details: { reserved },
  });
}

const toPutResult = (productId: string, answer: PutAnswer): ProductPutResult => ({
  productId,
  state: PUT_STATES[answer.state],
  product: answer.state === 'stored' ? toProductMessage(answer.product) : null,
  reserved: answer.state === 'stock_reserved' ? answer.reserved : 0,
});

const toStockResult = (changeId: string, answer: StockAnswer): StockChangeResult => ({
  changeId,
  state: STOCK_STATES[answer.state],
  product: answer.state === 'changed' ? toProductMessage(answer.product) : null,
  reserved: answer.state === 'stock_reserved' ? answer.reserved : 0,
  isReplay: answer.isReplay ?? false,
});

const availableOf = ({ onHand, reserved }: Product) => Math.max(0, onHand - reserved);

function toAvailability(productId: string, product: Product | undefined) {
  if (!product) return { productId, exists: false, available: 0, unitPrice: '', currency: '' };
  const { unitPrice, currency } = product;
  return { productId, exists: true, available: availableOf(product), unitPrice: formatAmount(unitPrice), currency };
}

function toReserveResult(reserveId: string, answer: ReserveAnswer) {
  return {
    reserveId,
    state: STATES[answer.state],
    shortages: answer.state === 'rejected' ? answer.shortages.map((shortage) => ({ ...shortage })) : [],
    expiresAt: answer.state === 'reserved' ? toTimestamp(answer.expiresAt) : null,
  };
}

function toProductMessage(product: Product): ProductMessage {
  const { productId, productName, onHand, reserved, unitPrice, currency } = product;
  return {
    ...{ productId, productName, onHand, reserved, currency },
    available: availableOf(product),
    unitPrice: formatAmount(unitPrice),
    version: versionOf(product),
  };
}

const toTimestamp = (milliseconds: number) => ({
  seconds: Math.floor(milliseconds / 1_000),
  nanos: (milliseconds % 1_000) * 1_000_000,
});
