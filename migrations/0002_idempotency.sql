CREATE TABLE `idempotency_keys` (
	`orgId` text NOT NULL,
	`actor` text NOT NULL,
	`route` text NOT NULL,
	`key` text NOT NULL,
	`holder` text NOT NULL,
	`leaseUntil` integer NOT NULL,
	`fingerprint` text,
	`status` integer,
	`contentType` text,
	`location` text,
	`body` text,
	`expiresAt` integer NOT NULL,
	PRIMARY KEY(`orgId`, `actor`, `route`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expires` ON `idempotency_keys` (`expiresAt`);