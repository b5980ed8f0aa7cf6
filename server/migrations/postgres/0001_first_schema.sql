-- The first schema, Postgres. See ../README.md for the rules of change. Ids compare by bytes (COLLATE "C"):
-- a locale's order would only make every index slower.
-- Ids are UUIDs in lower-case text; times ending in _ms are milliseconds since 1970 by the server's clock,
-- `at_ms` by the device's; amounts are integer paisa, quantities
-- thousandths of a unit; yes and no are 1 and 0.

-- Reference tables: these are looked up before the tenant is known.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    user_id TEXT COLLATE "C" PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    tenant TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL
);

-- The cookie holds the token, this table only its SHA-256.
CREATE TABLE sessions (
    token_hash TEXT COLLATE "C" PRIMARY KEY,
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);

-- Everything below starts with the tenant, so that it can be distributed by it.

-- The tenant's key is sealed under the server's.
CREATE TABLE tenants (
    tenant TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    key_nonce TEXT NOT NULL,
    key_sealed TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

CREATE TABLE grants (
    tenant TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    role TEXT NOT NULL,
    shops TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id)
);

CREATE TABLE devices (
    tenant TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    last_seen_ms BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    PRIMARY KEY (tenant, device),
    UNIQUE (tenant, number)
);

CREATE TABLE shops (
    tenant TEXT COLLATE "C" NOT NULL,
    shop TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    city TEXT NOT NULL,
    currency TEXT NOT NULL,
    offset_minutes BIGINT NOT NULL,
    PRIMARY KEY (tenant, shop)
);

-- The journal. `stream` is 'tenant' or a shop's id; `version` counts up without a gap within a stream and is
-- taken from the locked row of `streams`; `body` is the event's canonical text, `hash` its SHA-256, `digest`
-- chains the hashes up to this event.

CREATE TABLE streams (
    tenant TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    head BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tenant, stream)
);

CREATE TABLE events (
    tenant TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    epoch TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    v BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    digest TEXT NOT NULL,
    flags TEXT NOT NULL,
    arrived_ms BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, stream, version),
    UNIQUE (tenant, event_id),
    UNIQUE (tenant, device, epoch, seq)
);

CREATE TABLE quarantine (
    tenant TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    arrived_ms BIGINT NOT NULL,
    body TEXT NOT NULL,
    verdict TEXT,
    PRIMARY KEY (tenant, event_id, hash)
);

-- Sealed column segments of imports, named by the SHA-256 of their bytes.
CREATE TABLE segments (
    tenant TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    shop TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    stored_ms BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (tenant, hash)
);

-- Runs of one stream's events for the first sync: gzip'ed JSON, immutable.
CREATE TABLE event_segments (
    tenant TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    first_version BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (tenant, stream, first_version),
    UNIQUE (tenant, hash)
);

-- Projections: written in the transaction that appends, and rebuilt from the journal whenever they change shape.

-- Lines of sales and returns; returns count negative.
CREATE TABLE sale_lines (
    tenant TEXT COLLATE "C" NOT NULL,
    sale_id TEXT COLLATE "C" NOT NULL,
    line BIGINT NOT NULL,
    shop_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    day DATE NOT NULL,
    number TEXT NOT NULL,
    customer_id TEXT,
    product_id TEXT COLLATE "C" NOT NULL,
    quantity_milli BIGINT NOT NULL,
    unit_price_paisa BIGINT NOT NULL,
    discount_paisa BIGINT NOT NULL,
    amount_paisa BIGINT NOT NULL,
    unit_cost_paisa BIGINT,
    is_return BIGINT NOT NULL,
    PRIMARY KEY (tenant, sale_id, line)
);

-- A hand's words (edited = 1) win over an import's; among imports the later segment's.
CREATE TABLE products (
    tenant TEXT COLLATE "C" NOT NULL,
    product_id TEXT COLLATE "C" NOT NULL,
    name TEXT,
    sku TEXT,
    category TEXT,
    brand TEXT,
    retired BIGINT,
    edited BIGINT NOT NULL,
    PRIMARY KEY (tenant, product_id)
);

-- The three tables of the data model's history of predictions. Drift, retraining and experiments live on it.

CREATE TABLE ai_models (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    status TEXT NOT NULL,
    accuracy_metrics JSONB,
    last_trained TIMESTAMPTZ,
    next_training TIMESTAMPTZ,
    configuration JSONB,
    created_at TIMESTAMPTZ NOT NULL DEFAULT (now()),
    PRIMARY KEY (tenant, id)
);

CREATE TABLE model_predictions (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    model_id TEXT NOT NULL,
    shop_id TEXT NOT NULL,
    prediction_type TEXT NOT NULL,
    entity_id TEXT,
    prediction_data JSONB NOT NULL,
    confidence_score NUMERIC(5,4),
    actual_outcome JSONB,
    accuracy_score NUMERIC(5,4),
    prediction_date DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX model_predictions_by_day ON model_predictions (tenant, shop_id, prediction_type, prediction_date);

CREATE TABLE feature_store (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    shop_id TEXT NOT NULL,
    entity_type TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    feature_set TEXT NOT NULL,
    features JSONB NOT NULL,
    computed_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT (now()),
    PRIMARY KEY (tenant, id)
);

-- Who did what to accounts, devices and quarantined events.
CREATE TABLE audit (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    user_id TEXT COLLATE "C",
    device TEXT COLLATE "C",
    act TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
