// torugart journal …: show the record, prove it, hand a part of it out.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "base/disk/disk.h"
#include "kiosk/app/assembly.h"
#include "kiosk/app/commands.h"
#include "kiosk/app/config.h"
#include "kiosk/archive/archive.h"
#include "kiosk/central/client.h"
#include "kiosk/central/jws.h"
#include "kiosk/exchange/bundle.h"
#include "kiosk/exchange/qr.h"
#include "kiosk/journal/backup.h"
#include "kiosk/journal/outbox.h"
#include "kiosk/journal/outbox_peek.h"
#include "kiosk/journal/verify.h"

namespace torugart::app {
namespace {

// --journal FILE, or the journal of --config; and what lies beside it.
struct JournalPlace {
  std::string file, archive, archive_key, witness_keys, config = kDefaultConfig;
  std::string lane;  // known from the configuration only

  void add_to(CLI::App& command) {
    command.add_option("--journal", file, "the journal file itself");
    command.add_option("--config", config, "else: the lane whose journal it is")->capture_default_str();
  }
  void add_files_to(CLI::App& command) {
    command.add_option("--archive", archive, "the folder of its pictures; else the configuration's");
    command.add_option("--archive-key", archive_key, "the key that seals them; else the configuration's");
    command.add_option("--witness-keys", witness_keys,
                       "PEM file with the centre's public keys; else the configuration's");
  }
  // False when there is neither file nor configuration; that was said then.
  bool find() {
    if (!file.empty()) return true;
    const auto found = load_config(config);
    if (!found) {
      for (const auto& error : found.error())
        std::cerr << error.text() << '\n';
      return false;
    }
    file = journal_path(*found);
    lane = found->lane.id;
    if (archive.empty()) archive = archive_path(*found);
    if (archive_key.empty()) archive_key = found->storage.archive_key;
    if (witness_keys.empty()) witness_keys = found->central.signing_keys;
    return true;
  }
};

int complain(const std::string& what) {
  std::cerr << "torugart: " << what << '\n';
  return 2;
}

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in && text.empty()) return std::nullopt;
  return text;
}

// A vkey, or a file whose first line is one.
std::string key_from(const std::string& given) {
  const auto text = given.find('+') == std::string::npos ? text_of(given).value_or("") : given;
  return text.substr(0, text.find('\n'));
}

std::vector<journal::PublicKey> witnesses_from(const std::string& pem_file) {
  std::vector<journal::PublicKey> out;
  if (pem_file.empty()) return out;
  const auto keys = central::signing_keys_from_file(pem_file);
  if (!keys) {
    std::cerr << keys.error().what << " (" << keys.error().where << ")\n";
    return out;
  }
  for (const auto& key : *keys)
    out.push_back({"", journal::PublicKey::kCosignature, key.bytes});
  return out;
}

// The last checkpoint that the centre cosigned, as the uploader has kept it; empty when there is none.
std::string witnessed_beside(const std::string& journal) {
  const auto path = journal::outbox_path(journal);
  if (::access(path.c_str(), F_OK) != 0) return {};
  const auto kept = journal::peek_outbox(path, central::kWitnessedKey);
  if (!kept) std::cerr << kept.error().text() << '\n';
  return kept ? kept->value_or("") : std::string();
}

std::unique_ptr<archive::Archive> open_archive(const std::string& folder, const std::string& key) {
  if (folder.empty() || ::access(folder.c_str(), F_OK) != 0) return nullptr;
  archive::Options options;
  options.key_file = key;
  options.may_make_key = false;
  auto opened = archive::Archive::open(folder, options);
  if (opened) return std::move(*opened);
  std::cerr << opened.error().text() << '\n';
  return nullptr;
}

journal::FileState state_of(const archive::Archive& files, const inspection::FileRef& file) {
  const auto checked = files.check(file.sha256);
  if (checked) return journal::FileState::good;
  switch (checked.error().code) {
    case archive::Error::Code::not_found:
      return journal::FileState::missing;
    case archive::Error::Code::freed:
      return journal::FileState::freed;
    default:
      return journal::FileState::damaged;
  }
}

struct VerifyWish {
  JournalPlace place;
  std::string head, checkpoint, key;
};

int run_verify(VerifyWish& wish) {
  if (!wish.place.find()) return 2;
  journal::VerifyOptions options;
  options.head = wish.head;
  if (!wish.key.empty()) options.key = key_from(wish.key);
  if (!wish.checkpoint.empty()) {
    const auto text = text_of(wish.checkpoint);
    if (!text) return complain("cannot read " + wish.checkpoint);
    options.checkpoint = *text;
  }
  options.witnessed = witnessed_beside(wish.place.file);
  options.witnesses = witnesses_from(wish.place.witness_keys);
  const auto files = open_archive(wish.place.archive, wish.place.archive_key);
  if (files) options.file = [&](const inspection::FileRef& file) { return state_of(*files, file); };
  return journal::journal_verify(wish.place.file, options, std::cout);
}

struct ExportWish {
  JournalPlace place;
  std::string crossing, out;
};

int run_export(ExportWish& wish) {
  if (!wish.place.find()) return 2;
  const auto reader = journal::Reader::open(wish.place.file);
  if (!reader) return complain(reader.error().text());
  const auto key_file = journal::key_path(wish.place.file);
  if (::access(key_file.c_str(), F_OK) != 0)
    return complain("there is no key beside this journal (" + key_file + "); export on the lane itself");
  bool made = false;
  const auto key = journal::signing_key_from_file(key_file, made);
  if (!key) return complain(key.error().text());
  const auto files = open_archive(wish.place.archive, wish.place.archive_key);
  exchange::BundleWish bundle;
  bundle.crossing = wish.crossing;
  bundle.wall_us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  bundle.witnessed = witnessed_beside(wish.place.file);
  bundle.file = [&](const inspection::FileRef& file) -> std::optional<std::string> {
    const auto bytes = files ? files->get(file.sha256) : tl::unexpected(archive::Error{});
    if (!bytes) return std::nullopt;
    return std::string(bytes->begin(), bytes->end());
  };
  const auto written = exchange::write_bundle(**reader, *key, bundle, wish.out);
  if (!written) return complain(written.error().text());
  std::cout << wish.out << ": " << written->events << " events, " << written->files << " files, " << written->absent
            << " no longer in the archive, " << (written->witnessed ? "witnessed" : "not witnessed") << '\n';
  return 0;
}

void add_show(CLI::App& parent, Action& chosen) {
  struct Show {
    JournalPlace place;
    journal::ShowOptions options;
  };
  auto show = std::make_shared<Show>();
  auto* command = parent.add_subcommand("show", "prints events, one JSON object a line");
  show->place.add_to(*command);
  command->add_option("--from", show->options.from_seq, "first event's number")->capture_default_str();
  command->add_option("--limit", show->options.limit, "so many events; 0: all")->capture_default_str();
  command->add_option("--crossing", show->options.crossing, "only this crossing's");
  command->add_flag("--hashes", show->options.hashes, "with each event's hash");
  command->callback([show, &chosen] {
    chosen = [show] {
      return show->place.find() ? journal::journal_show(show->place.file, show->options, std::cout, std::cerr) : 2;
    };
  });
}

void add_verify(CLI::App& parent, Action& chosen) {
  auto wish = std::make_shared<VerifyWish>();
  auto* command = parent.add_subcommand(
      "verify", "recomputes every hash, root and signature; says what is proven and what is not");
  wish->place.add_to(*command);
  wish->place.add_files_to(*command);
  command->add_option("--head", wish->head, "a hash noted elsewhere that the chain must go through");
  command->add_option("--checkpoint", wish->checkpoint, "a file with a checkpoint that was noted elsewhere");
  command->add_option("--key", wish->key, "the lane's public key, or a file with it, from elsewhere");
  command->callback([wish, &chosen] { chosen = [wish] { return run_verify(*wish); }; });
}

void add_bundles(CLI::App& parent, Action& chosen) {
  auto wish = std::make_shared<ExportWish>();
  auto* command = parent.add_subcommand("export", "the evidence of one crossing as a file that proves itself");
  wish->place.add_to(*command);
  wish->place.add_files_to(*command);
  command->add_option("--crossing", wish->crossing, "which one")->required();
  command->add_option("OUT", wish->out, "the ZIP file to write")->required();
  command->callback([wish, &chosen] { chosen = [wish] { return run_export(*wish); }; });

  struct Check {
    std::string file, key, witness_keys;
  };
  auto check = std::make_shared<Check>();
  auto* verify =
      parent.add_subcommand("verify-bundle", "proves such a file; needs nothing of the lane but its public key");
  verify->add_option("FILE", check->file, "the ZIP file")->required();
  verify->add_option("--key", check->key, "the lane's public key, or a file with it, from another source")
      ->required();
  verify->add_option("--witness-keys", check->witness_keys, "PEM file with the centre's public keys");
  verify->callback([check, &chosen] {
    chosen = [check] {
      return exchange::verify_bundle_file(check->file, {key_from(check->key), witnesses_from(check->witness_keys)},
                                          std::cout);
    };
  });
}

void add_backup(CLI::App& parent, Action& chosen) {
  struct Wish {
    JournalPlace place;
    std::string out;
  };
  auto wish = std::make_shared<Wish>();
  auto* command = parent.add_subcommand("backup", "a whole copy, made while the kiosk runs; without the signing key");
  wish->place.add_to(*command);
  command->add_option("OUT", wish->out, "the file to write")->required();
  command->callback([wish, &chosen] {
    chosen = [wish] {
      if (!wish->place.find()) return 2;
      const auto done = journal::backup(wish->place.file, wish->out);
      return done ? 0 : complain(done.error().text());
    };
  });
}

int run_checkpoint(const std::string& journal, const std::string& save, bool qr) {
  std::ostringstream note;
  if (const int code = journal::journal_checkpoint(journal, note, std::cerr); code != 0) return code;
  std::cout << (qr ? exchange::qr_blocks(note.str()) : note.str());
  if (save.empty()) return 0;
  const auto saved = disk::replace(save, save.ends_with(".svg") ? exchange::qr_svg(note.str()) : note.str());
  return saved ? 0 : complain(saved.error().text());
}

void add_keys(CLI::App& parent, Action& chosen) {
  auto place = std::make_shared<JournalPlace>();
  auto* checkpoint = parent.add_subcommand(
      "checkpoint", "prints the newest checkpoint; kept elsewhere, on paper too, it is a witness");
  place->add_to(*checkpoint);
  struct Wish {
    std::string save;
    bool qr = false;
  };
  auto wish = std::make_shared<Wish>();
  checkpoint->add_option("--save", wish->save,
                         "writes it to FILE, on a medium that leaves the lane; FILE.svg: as a QR code to print");
  checkpoint->add_flag("--qr", wish->qr, "shows it as a QR code, for a camera or a printer of lines");
  checkpoint->callback([place, wish, &chosen] {
    chosen = [place, wish] { return place->find() ? run_checkpoint(place->file, wish->save, wish->qr) : 2; };
  });

  auto of_key = std::make_shared<JournalPlace>();
  auto* key = parent.add_subcommand("key", "prints the lane's public key, for those who shall verify");
  of_key->add_to(*key);
  key->callback([of_key, &chosen] {
    chosen = [of_key] {
      if (!of_key->find()) return 2;
      const auto reader = journal::Reader::open(of_key->file);
      const auto keys = reader ? (*reader)->keys() : tl::unexpected(reader.error());
      if (!keys) return complain(keys.error().text());
      if (keys->empty()) return complain("this journal has no key yet");
      std::cout << keys->back().vkey << '\n';
      return 0;
    };
  });

  auto of_rotation = std::make_shared<JournalPlace>();
  auto* rotate = parent.add_subcommand("rotate-key",
                                       "a new signing key, recorded and signed by the old one; stop the "
                                       "kiosk first");
  rotate->add_option("--config", of_rotation->config, "the lane")->capture_default_str();
  rotate->callback([of_rotation, &chosen] {
    chosen = [of_rotation] {
      return of_rotation->find()
                 ? journal::journal_rotate_key(of_rotation->file, of_rotation->lane, std::cout, std::cerr)
                 : 2;
    };
  });
}

}  // namespace

void add_journal_command(CLI::App& program, Action& chosen) {
  auto* command = program.add_subcommand("journal", "the lane's record: show it, prove it, hand it out");
  command->require_subcommand(1);
  add_show(*command, chosen);
  add_verify(*command, chosen);
  add_bundles(*command, chosen);
  add_backup(*command, chosen);
  add_keys(*command, chosen);
}

}  // namespace torugart::app
