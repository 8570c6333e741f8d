/** French. « vous », verbs on buttons, a narrow no-break space before ; : ! ? and inside guillemets. */
import type { Catalog } from './index';
import { ROOM_MEMBERS } from '../protocol/generated/limit';

const plural = new Intl.PluralRules('fr');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

export const frFirst: Catalog = {
  ui: {
    close: 'Fermer', cancel: 'Annuler', save: 'Enregistrer', retry: 'Réessayer', undo: 'Annuler', copy: 'Copier', copied: 'Copié', notices: 'Avis',
    showPassword: 'Afficher le mot de passe', hidePassword: 'Masquer le mot de passe', typeToConfirm: (word) => `Tapez « ${word} » pour confirmer`,
  },
  app: {
    skip: 'Aller au contenu', sections: 'Rubriques', roomList: 'Salons et personnes', back: 'Retour', toRooms: 'Aller à vos salons',
    notFound: 'Cette page n’existe pas', notFoundText: 'L’adresse ne mène nulle part.', notFoundKeys: (keys) => `Appuyez sur ${keys} pour aller à un salon ou à une personne.`,
    tagline: 'Votre équipe, sur votre boîtier', jump: 'Aller à', search: 'Rechercher', admin: 'Administration', settings: 'Réglages', signOut: 'Se déconnecter', listWidth: 'Largeur de la liste des salons', sideWidth: 'Largeur du volet',
  },
  link: {
    looking: 'Recherche du boîtier…', reconnecting: 'Reconnexion… Les messages attendent et seront envoyés.', restarting: 'Le boîtier redémarre. Les messages attendent et seront envoyés.',
    offline: (time) => `Sans le boîtier depuis ${time}. Les messages attendent et seront envoyés.`, slow: (ms) => `Le boîtier répond lentement (${(ms / 1000).toFixed(1).replace('.', ',')} s).`,
    tryNow: 'Essayer maintenant', outdated: 'Une nouvelle version est prête.', reload: 'Recharger', needsBox: 'Le boîtier est nécessaire. Réessayez quand il sera revenu.',
    diskFull: 'Le disque du boîtier est plein : vous pouvez lire, mais rien ne peut être enregistré tant qu’il n’y a pas de place.', diskFailing: 'Le disque du boîtier signale des erreurs : vous pouvez lire, mais rien ne peut être enregistré.',
    unreachable: 'Le boîtier ne répond pas', unreachableText: 'Vérifiez que le boîtier est allumé et que vous êtes sur son réseau.',
  },
  roles: { owner: 'Propriétaire', member: 'Membre', guest: 'Invité' },
  presence: {
    online: 'En ligne', away: 'Absent', do_not_disturb: 'Ne pas déranger', offline: 'Hors ligne', automatic: 'En ligne quand je suis actif', menu: (name) => `${name} : présence et déconnexion`,
    setText: 'Définir un texte de présence…', text: 'Texte de présence', textRefused: 'Retirez les caractères invisibles et ceux qui changent le sens du texte.', textHelp: 'Les autres le voient à côté de votre nom. Laissez vide pour ne rien afficher.',
  },
  room: {
    rooms: 'Salons', people: 'Personnes', joinable: 'Autres salons', archive: 'Archives', none: 'Aucun salon. Créez-en un, ou demandez à être ajouté.', create: 'Nouveau salon', createAction: 'Créer le salon', name: 'Nom', topic: 'Sujet', topicHelp: 'De quoi il s’agit. Peut rester vide.',
    whoEnters: 'Qui peut entrer', open: 'Toute l’équipe', openHelp: 'Les membres le voient et peuvent entrer tant qu’il y a une place.', invited: 'Seulement les personnes ajoutées', invitedHelp: 'Les autres ne le voient pas.',
    membersOf: (n) => `Membres (${n} sur ${ROOM_MEMBERS})`, unread: (n, m) => count(n, 'message non lu', 'messages non lus') + (m > 0 ? `, ${count(m, 'mention', 'mentions')}` : ''),
    unsent: (n) => `Non envoyés : ${n}`, you: 'vous', reads: 'lit', makeReader: 'Peut seulement lire', makeWriter: 'Peut écrire', removeMember: 'Retirer du salon', memberMenu: (name) => `Modifier ${name}`, add: 'Ajouter quelqu’un', addAction: 'Ajouter', full: 'Le salon est plein : quatre membres au plus.',
    settings: 'Réglages du salon', archiveAction: 'Archiver', unarchive: 'Sortir des archives', archived: 'Salon archivé', unarchived: 'Le salon est de retour', delete: 'Supprimer le salon', deleteTitle: (name) => `Supprimer ${name} ?`, deleteText: 'Le salon et tout ce qui y est écrit disparaissent pour de bon, pour tous.',
    peopleIn: 'Personnes du salon', more: 'Plus', leave: 'Quitter le salon', join: 'Entrer', joinText: (name) => `Vous n’êtes pas encore dans ${name}.`, fullRefusal: 'Ce salon est plein : quatre membres au plus. Demandez à quelqu’un d’en sortir, ou créez un autre salon.',
    gone: 'Ce salon n’existe pas, ou pas pour vous.', notHere: 'Ce salon n’est pas encore sur cet appareil. Il apparaîtra quand le boîtier sera revenu.',
  },
  chat: {
    messages: 'Messages', placeholder: (room) => `Message à ${room}`, send: 'Envoyer', save: 'Enregistrer', mention: 'Mentionner', everyone: 'tous', reply: 'Répondre', edit: 'Modifier', delete: 'Supprimer', react: 'Réagir', more: 'Plus', copyText: 'Copier le texte', copyLink: 'Copier le lien', markUnread: 'Marquer non lu à partir d’ici',
    pin: 'Épingler', unpin: 'Détacher', pinned: 'Épinglé', pins: 'Messages épinglés', noPins: 'Rien n’est épinglé ici. Épinglez un message depuis son menu.', pinsLeftOut: (n: number) => count(n, 'épingle plus ancienne n’est pas affichée, car les messages sont longs.', 'épingles plus anciennes ne sont pas affichées, car les messages sont longs.'), pinsFailed: 'Les messages épinglés n’ont pas pu être chargés.', showHistory: 'Textes précédents', formerTexts: 'Textes précédents', edited: 'modifié', deleted: 'Message supprimé', messageDeleted: 'Message supprimé',
    code: 'Code', copyCode: 'Copier le code', editing: 'Vous modifiez votre message', replyingTo: (name, text) => `Réponse à ${name} : ${text}`, earlier: 'Un message plus ancien', notFound: 'Le message n’a pas été trouvé.', start: (room) => (room ? `Voici le début de ${room}. Dites bonjour.` : 'Voici le début de votre conversation. Dites bonjour.'),
    loadFailed: 'Les messages n’ont pas pu être chargés.', olderFailed: 'Les messages plus anciens n’ont pas pu être chargés.', newMessages: (n) => count(n, 'nouveau message', 'nouveaux messages'), toLatest: (n) => (n > 0 ? `Plus récents · ${n}` : 'Plus récents'),
    waiting: 'En attente du boîtier', sending: 'Envoi…', writing: (names, n) => `${names} ${n === 1 ? 'écrit' : 'écrivent'}…`, seenBy: (names) => `Vu par ${names}`, messageBy: (name, at) => `${name}, ${at}`,
    reactedBy: (emoji, n, names) => `${emoji}, ${n} : ${names}`, archived: 'Ce salon est archivé : vous pouvez le lire.', readOnly: 'Vous pouvez lire ce salon, pas y écrire. Demandez à un propriétaire.', length: (bytes, most) => `${bytes} octets sur ${most}. Répartissez les textes plus longs sur plusieurs messages.`,
    spoken: (name, text) => `${name} : ${text}.`, spokenMany: (n, room) => `${n} nouveaux messages` + (room ? ` dans ${room}.` : '.'),
  },
  notice: {
    created: (by, name) => `${by} a créé le salon ${name}.`, directStarted: (by) => `${by} a commencé cette conversation.`, joined: (name) => `${name} est entré.`, added: (by, name) => `${by} a ajouté ${name}.`, left: (name) => `${name} est parti.`,
    removed: (by, name) => `${by} a retiré ${name}.`, archived: (by) => `${by} a archivé le salon.`, unarchived: (by) => `${by} a sorti le salon des archives.`, renamed: (by, name) => `${by} a renommé le salon en ${name}.`, topic: (by, topic) => `${by} a défini le sujet : ${topic}`, changed: (by) => `${by} a changé qui peut entrer.`,
  },
  errors: {
    unreachable: 'Le boîtier ne répond pas. Vérifiez votre réseau et réessayez.', malformed: 'Le boîtier n’a pas compris. Rechargez la page.', version_unsupported: 'Cette page est d’une autre version. Rechargez-la.', signed_out: 'Connectez-vous d’abord.', credentials_wrong: 'Nom d’utilisateur ou mot de passe incorrect.', recovery_code_wrong: 'Code ou nom d’utilisateur incorrect, ou le code a expiré. Le boîtier en crée un nouveau pour un propriétaire ; les autres demandent un lien à un propriétaire.', reauthentication_needed: 'Redonnez votre mot de passe pour faire ceci.',
    claim_code_wrong: 'Ce code est incorrect, ou il a expiré. Vérifiez-le et réessayez.', already_claimed: 'Ce boîtier a déjà un propriétaire. Connectez-vous.', not_claimed: 'Ce boîtier n’a pas encore de propriétaire.', too_many: 'Trop d’essais. Attendez un peu.', forbidden: 'Vous n’avez pas le droit de faire ceci. Demandez à un propriétaire.', not_found: 'Ceci n’existe pas, ou pas pour vous.', method_not_allowed: 'Le boîtier n’a pas compris. Rechargez la page.',
    host_unknown: 'Cette adresse n’est pas un des noms du boîtier.', origin_foreign: 'Les requêtes d’autres sites sont refusées.', field_invalid: 'Un champ a une valeur qui n’est pas permise.', text_too_long: 'Trop long. Répartissez-le sur plusieurs messages.', text_empty: 'Il n’y a pas de texte.', too_large: 'C’est plus grand que permis.', user_name_taken: 'Ce nom d’utilisateur est pris ; choisissez-en un autre.',
    room_name_taken: 'Un salon de ce nom existe ; choisissez-en un autre.', room_full: 'Le salon est plein : quatre membres au plus.', call_full: 'L’appel est complet : quatre personnes au plus. Demandez à quelqu’un de raccrocher.', rights_changed: 'Vos droits ont changé. Rejoignez de nouveau l’appel.', device_unknown: 'La box ne connaît pas encore ce navigateur. Rechargez la page.', call_moved: 'Vous êtes maintenant dans cet appel sur un autre appareil.', limit_reached: 'Il n’y a pas de place pour un autre. Retirez-en un d’abord.', room_archived: 'Le salon est archivé.', read_only: 'Vous pouvez lire ce salon, pas y écrire.', message_deleted: 'Le message a été supprimé.', not_author: 'Seul son auteur peut faire ceci.',
    invite_used: 'Cette invitation a servi. Demandez-en une nouvelle.', invite_expired: 'Cette invitation a expiré. Demandez-en une nouvelle.', invite_revoked: 'Cette invitation a été retirée. Demandez-en une nouvelle.', last_owner: 'Une équipe a besoin d’un propriétaire. Nommez-en un autre d’abord.', storage_full: 'Le disque du boîtier est plein. Rien n’a été enregistré.', storage_failing: 'Le disque du boîtier signale des erreurs. Rien n’a été enregistré.', busy: 'Le boîtier est occupé. Réessayez bientôt.', internal: 'Un problème est survenu dans le boîtier. Son journal a les détails.',
  },
};
