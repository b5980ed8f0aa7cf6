//! What page and worker share: the messages between them, the effects (storage, network, worker handle),
//! and the state that pages read. Pages read `state`, never `effect`.

pub mod effect;
pub mod message;
pub mod plain;
pub mod sentence;
pub mod state;
