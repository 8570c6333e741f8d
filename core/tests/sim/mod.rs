//! A world of one box and four clients with a virtual clock and a seeded, hostile network.
//!
//! [`World`] owns time and chance. The box ([`server::Server`]) drives the real machine of `mesh_core` over a model
//! of the disk; the clients ([`client::Client`]) keep what a client of the protocol has to keep. At the end the
//! network heals, and everybody must have the same history.

mod client;
mod server;

use std::collections::BTreeMap;

use mesh_core::time::{Monotonic, Now};
use mesh_protocol::time::UnixMillis;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use client::Client;
use server::{Reply, Request, Server};

/// Clients, and members of the room.
pub const CLIENTS: usize = 4;
/// Things that happen before the network heals.
const STEPS: usize = 300;

/// Chance, from a seed.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end.max(1)
    }

    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

enum Packet {
    ToServer(usize, Request),
    ToClient(usize, u64, Reply),
}

pub struct World {
    chance: Chance,
    now: u64,
    server: Server,
    clients: Vec<Client>,
    /// Packets by the time of their arrival, and a number that keeps them apart.
    network: BTreeMap<(u64, u64), Packet>,
    sent: u64,
    loss: u64,
    healed: bool,
    /// Until when nothing passes between the box and a client, though neither knows.
    partitioned: [u64; CLIENTS],
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
        let loss = chance.below(30);
        Self {
            chance,
            now: 1_000,
            server: Server::new(),
            clients: (0..CLIENTS).map(Client::new).collect(),
            network: BTreeMap::new(),
            sent: 0,
            loss,
            healed: false,
            partitioned: [0; CLIENTS],
        }
    }

    /// Lets the world run, heals it, and checks every promise.
    pub fn run(&mut self) {
        for client in 0..CLIENTS {
            self.connect(client);
        }
        for _ in 0..STEPS {
            self.step();
        }
        self.heal();
        self.check();
    }

    /// What happened, in short: two runs of one seed tell the same.
    pub fn story(&self) -> String {
        format!("{:?}", self.server.history())
    }

    fn time(&self) -> Now {
        Now { mono: Monotonic(self.now), wall: UnixMillis(self.now) }
    }

    fn step(&mut self) {
        let client = self.chance.below(CLIENTS as u64) as usize;
        match self.chance.below(100) {
            0..36 => self.act(client),
            36..38 => self.partitioned[client] = self.now + self.chance.below(500),
            38..40 => self.server.govern(self.time(), &mut self.chance),
            40..75 => self.deliver(),
            75..83 => self.server.disk_step(self.time(), &mut self.chance),
            83..88 => self.connect(client),
            88..91 => self.cut(client),
            91..93 => self.server.fill_disk(),
            93..95 => self.server.free_disk(),
            95..97 => self.restart(),
            _ => self.now += self.chance.below(8_000),
        }
        self.now += self.chance.below(20);
        self.server.tick(self.time());
        self.send_out();
    }

    fn act(&mut self, client: usize) {
        let messages = self.clients[client].act(&mut self.chance);
        for message in messages {
            self.send_to_server(client, message);
        }
    }

    fn connect(&mut self, client: usize) {
        self.cut(client);
        let hello = self.clients[client].connect();
        self.send_to_server(client, hello);
    }

    /// The connection breaks: what is on its way is lost, both ways.
    fn cut(&mut self, client: usize) {
        self.network.retain(|_, packet| {
            !matches!(packet, Packet::ToServer(of, _) | Packet::ToClient(of, _, _) if *of == client)
        });
        self.server.disconnect(self.time(), client);
        self.clients[client].disconnect();
    }

    /// The box dies: everything that is not on its disk is gone.
    fn restart(&mut self) {
        for client in 0..CLIENTS {
            self.cut(client);
        }
        self.server.restart();
    }

    fn send_to_server(&mut self, client: usize, request: Request) {
        self.put(Packet::ToServer(client, request.clone()));
        if !self.healed && self.chance.percent(5) {
            self.put(Packet::ToServer(client, request));
        }
    }

    fn put(&mut self, packet: Packet) {
        let (Packet::ToServer(client, _) | Packet::ToClient(client, ..)) = &packet;
        let is_cut_off = self.partitioned[*client] > self.now;
        if !self.healed && (is_cut_off || self.chance.percent(self.loss)) {
            return;
        }
        // Reorder: each packet takes its own time.
        let delay = if self.healed { 1 } else { self.chance.below(200) };
        self.sent += 1;
        self.network.insert((self.now + delay, self.sent), packet);
    }

    fn send_out(&mut self) {
        for (client, connection, reply) in self.server.replies() {
            self.put(Packet::ToClient(client, connection, reply.clone()));
            if !self.healed && self.chance.percent(5) {
                self.put(Packet::ToClient(client, connection, reply));
            }
        }
    }

    fn deliver(&mut self) {
        let Some(((at, _), packet)) = self.network.pop_first() else { return };
        self.now = self.now.max(at);
        match packet {
            Packet::ToServer(client, request) => self.server.receive(self.time(), client, request),
            Packet::ToClient(client, connection, reply) => {
                if self.server.connection(client) == Some(connection) {
                    match self.clients[client].receive(reply) {
                        Some(requests) => {
                            requests.into_iter().for_each(|request| self.send_to_server(client, request))
                        }
                        None => self.connect(client),
                    }
                }
            }
        }
    }

    /// No more failures; everything that waits arrives.
    fn heal(&mut self) {
        self.healed = true;
        self.server.free_disk();
        for client in 0..CLIENTS {
            self.connect(client);
        }
        for _ in 0..10_000 {
            self.server.disk_step(self.time(), &mut self.chance);
            self.send_out();
            if self.network.is_empty() {
                let waiting: Vec<usize> =
                    (0..CLIENTS).filter(|one| self.clients[*one].is_waiting()).collect();
                if waiting.is_empty() && !self.server.is_busy() {
                    self.now += 10_000;
                    self.server.tick(self.time());
                    return;
                }
                // Passing refusals are tried again, as real clients do after a while.
                self.now += 10_000;
                for client in waiting {
                    self.connect(client);
                }
            }
            self.deliver();
        }
        panic!("the world does not come to rest");
    }

    fn check(&self) {
        let history = self.server.history();
        for (index, event) in history.iter().enumerate() {
            assert_eq!(event.seq.0, index as u64 + 1, "the history has a gap");
        }
        for pair in history.windows(2) {
            assert!(pair[0].at <= pair[1].at, "history runs backwards");
        }
        for client in &self.clients {
            client.check(history, self.server.messages());
        }
        self.server.check_counts();
        self.server.check_state();
    }
}
