-- What the server must know to note on arrival that something asks for a look; keys that were destroyed; imports
-- whose rows are still to be written. See ../README.md for the rules of change.

-- Where each person's wrapped key stands in the journal, until it is destroyed.
CREATE TABLE person_keys (
    tenant TEXT NOT NULL,
    key_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (tenant, key_id, stream, version)
);

-- Keys that were destroyed: an event that brings one later is stored without it.
CREATE TABLE erased_keys (
    tenant TEXT NOT NULL,
    key_id TEXT NOT NULL,
    erased_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, key_id)
);

-- Segments of accepted imports whose rows are being written, a few thousand lines a transaction.
CREATE TABLE due_segments (
    tenant TEXT NOT NULL,
    hash TEXT NOT NULL,
    position BIGINT NOT NULL,
    next_line BIGINT NOT NULL,
    PRIMARY KEY (tenant, hash)
);

-- Projections.

-- Shelves that are known: moved in and out otherwise than by sales, and sold since the first such movement.
CREATE TABLE shelves (
    tenant TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    known_from_ms BIGINT NOT NULL,
    moved_milli BIGINT NOT NULL,
    sold_milli BIGINT NOT NULL,
    PRIMARY KEY (tenant, shop_id, product_id)
);
CREATE INDEX sale_lines_by_product ON sale_lines (tenant, shop_id, product_id, at_ms);

-- The sale that holds a piece; none once it came back.
CREATE TABLE sold_units (
    tenant TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    sale_id TEXT,
    PRIMARY KEY (tenant, unit_id)
);

-- Retail prices as they arrived; shop_id '' is everywhere.
CREATE TABLE prices (
    tenant TEXT NOT NULL,
    product_id TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    price_paisa BIGINT NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (tenant, product_id, shop_id, from_ms, version)
);

-- Who wrote each field of a product or customer last; of the value only its SHA-256.
CREATE TABLE field_writes (
    tenant TEXT NOT NULL,
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    version BIGINT NOT NULL,
    device TEXT NOT NULL,
    value_sha256 TEXT NOT NULL,
    PRIMARY KEY (tenant, entity, field)
);
