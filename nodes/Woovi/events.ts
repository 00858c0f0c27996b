import { OTHER, otherEvents, type ProviderEvent } from '../core/provider';

/** The page "Tipos de eventos do Webhook", in its order. Its names of events come with and without a prefix. */
export const events: ProviderEvent[] = [
	{
		code: 'OPENPIX:CHARGE_COMPLETED',
		name: 'Charge Paid',
		label: 'Paid',
		description: 'When a charge is paid, by Pix or boleto',
	},
	{
		code: 'OPENPIX:CHARGE_EXPIRED',
		name: 'Charge Expired',
		label: 'Expired',
		description: 'When a charge expires',
	},
	{
		code: 'OPENPIX:CHARGE_CREATED',
		name: 'Charge Created',
		label: 'Created',
		description: 'When a charge is created',
	},
	{
		code: 'OPENPIX:CHARGE_COMPLETED_NOT_SAME_CUSTOMER_PAYER',
		name: 'Charge Paid by Someone Else',
		label: 'Other Payer',
		description: 'When a charge is paid by someone other than its customer',
	},
	{
		code: 'OPENPIX:TRANSACTION_RECEIVED',
		name: 'Pix Received',
		label: 'Pix In',
		description: 'When a Pix is received: for a charge, a static QR code, or neither',
	},
	{
		code: 'OPENPIX:TRANSACTION_REFUND_RECEIVED',
		name: 'Refund (Deprecated)',
		label: 'Refund Old',
		description: 'When a Pix is refunded; Woovi has replaced this event by the four other refunds',
	},
	{
		code: 'PIX_TRANSACTION_REFUND_RECEIVED_CONFIRMED',
		name: 'Refund Received',
		label: 'Refund In',
		description: 'When a refund is received and confirmed',
	},
	{
		code: 'PIX_TRANSACTION_REFUND_RECEIVED_REJECTED',
		name: 'Refund Received, Rejected',
		label: 'Ref In Rej',
		description: 'When a refund is received and rejected',
	},
	{
		code: 'PIX_TRANSACTION_REFUND_SENT_CONFIRMED',
		name: 'Refund Sent',
		label: 'Refund Out',
		description: 'When a refund is sent and confirmed',
	},
	{
		code: 'PIX_TRANSACTION_REFUND_SENT_REJECTED',
		name: 'Refund Sent, Rejected',
		label: 'Ref Out Rej',
		description: 'When a refund is sent and rejected',
	},
	{
		code: 'OPENPIX:MOVEMENT_CONFIRMED',
		name: 'Payment Confirmed (Pix Out)',
		label: 'Pix Out',
		description: 'When a payment that you make is confirmed',
	},
	{
		code: 'OPENPIX:MOVEMENT_FAILED',
		name: 'Payment Failed (Pix Out)',
		label: 'Out Failed',
		description: 'When a payment that you make fails',
	},
	{
		code: 'OPENPIX:MOVEMENT_REMOVED',
		name: 'Payment Removed (Pix Out)',
		label: 'Out Removed',
		description: 'When a payment that you make is removed',
	},
	{
		code: 'OPENPIX:DISPUTE_CREATED',
		name: 'Dispute Created',
		label: 'Dispute',
		description: 'When a dispute is created',
	},
	{
		code: 'OPENPIX:DISPUTE_ACCEPTED',
		name: 'Dispute Accepted',
		label: 'Disp Accept',
		description: 'When a dispute is accepted',
	},
	{
		code: 'OPENPIX:DISPUTE_REJECTED',
		name: 'Dispute Rejected',
		label: 'Disp Reject',
		description: 'When a dispute is rejected',
	},
	{
		code: 'OPENPIX:DISPUTE_CANCELED',
		name: 'Dispute Canceled',
		label: 'Disp Cancel',
		description: 'When a dispute is canceled',
	},
	{
		code: 'BOLETO_SETTLED',
		name: 'Boleto Settled',
		label: 'Settled',
		description: 'When the amount of a boleto is credited, up to 3 business days after it was paid',
	},
	{
		code: 'ACCOUNT_REGISTER_APPROVED',
		name: 'Account Approved',
		label: 'KYC Approve',
		description: 'When the registration of an account is approved',
	},
	{
		code: 'ACCOUNT_REGISTER_REJECTED',
		name: 'Account Rejected',
		label: 'KYC Reject',
		description: 'When the registration of an account is rejected',
	},
	{
		code: 'ACCOUNT_REGISTER_PENDING',
		name: 'Account Pending',
		label: 'KYC Pending',
		description: 'When the registration of an account is under review',
	},
	{
		code: 'PIX_AUTOMATIC_APPROVED',
		name: 'Pix Automático Approved',
		label: 'Auto On',
		description: 'When a consumer approves a recurring payment',
	},
	{
		code: 'PIX_AUTOMATIC_REJECTED',
		name: 'Pix Automático Rejected',
		label: 'Auto Off',
		description: 'When a consumer rejects a recurring payment',
	},
	{
		code: 'PIX_AUTOMATIC_COBR_CREATED',
		name: 'Recurring Charge Created',
		label: 'Cobr New',
		description: 'When a charge of a recurring payment is created',
	},
	{
		code: 'PIX_AUTOMATIC_COBR_APPROVED',
		name: 'Recurring Charge Accepted',
		label: 'Cobr Accept',
		description: "When the customer's bank accepts a charge of a recurring payment",
	},
	{
		code: 'PIX_AUTOMATIC_COBR_REJECTED',
		name: 'Recurring Charge Rejected',
		label: 'Cobr Reject',
		description: 'When a charge of a recurring payment is rejected after its last attempt',
	},
	{
		code: 'PIX_AUTOMATIC_COBR_COMPLETED',
		name: 'Recurring Charge Paid',
		label: 'Cobr Paid',
		description: 'When a charge of a recurring payment is paid',
	},
	{
		code: 'PIX_AUTOMATIC_COBR_TRY_REJECTED',
		name: 'Charge Attempt Rejected',
		label: 'Try Reject',
		description: 'When an attempt to charge a recurring payment is rejected',
	},
	{
		code: 'PIX_AUTOMATIC_COBR_TRY_REQUESTED',
		name: 'Charge Attempt Requested',
		label: 'Try Request',
		description: 'When a further attempt to charge a recurring payment is made',
	},
	otherEvents,
];

/** The refund whose `pix` is the refund itself, while `charge` is the one that was paid. */
export const OLD_REFUND = 'OPENPIX:TRANSACTION_REFUND_RECEIVED';

/**
 * An event's code as Woovi documents it. Some of its samples say `woovi:` instead of `OPENPIX:`; both are one event.
 */
export const canonicalCode = (code: string): string => code.replace(/^woovi:/i, 'OPENPIX:');

/** The codes of the documented list. */
export const documentedCodes = events.map(({ code }) => code).filter((code) => code !== OTHER);

/** The page "Webhooks do Stablecoin": events that the list does not have. */
export const STABLECOIN_CODES = [
	'STABLECOIN_DEPOSIT_COMPLETED',
	'STABLECOIN_DEPOSIT_FAILED',
	'STABLECOIN_PAYOUT_COMPLETED',
	'STABLECOIN_PAYOUT_FAILED',
	'STABLECOIN_SUBACCOUNT_CONFIRMED',
	'STABLECOIN_SUBACCOUNT_REJECTED',
];
